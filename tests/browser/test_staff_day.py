"""A receptionist's day in a real browser; its screenshots are those of the staff guide."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from chatbot import Chatbot
from chatbot.settings import Settings
from chatbot.storage import accounts
from chatbot.storage.database import Database
from chatbot.storage.turns import Feedback, Missed, Record, TurnRecord, record
from tests.browser.hosts import served
from tests.browser.patient import Patient
from web.app import create_app

_KEY = "a key for tests that is long enough"
_EMAIL, _PASSWORD = "reception@clinic.example", "correct horse battery"
_LIFT = (
    "is there a wheelchair lift",
    "wheelchair lift",
    "do you have a lift for a wheelchair",
    "lift for wheelchairs please",
    "wheelchair lift in the building",
)
_OTHERS = ("can i bring my dog", "do you sell gift vouchers")
_PATIENCE = 30_000  # milliseconds: what changes is worked out while the page grows

#: `PICTURES=docs/images python -m pytest tests/browser/test_staff_day.py` renews the pictures of the staff guide.
_PICTURES = os.environ.get("PICTURES", "")
_AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, small_bot: Chatbot, small_knowledge: Path) -> Iterator[str]:
    """A server with one receptionist who may publish, and a week of questions."""
    folder = tmp_path_factory.mktemp("day")
    database = Database.open(f"sqlite:///{folder / 'chatbot.db'}")
    database.migrate()
    now = datetime.now(UTC)
    with database.writing() as transaction:
        accounts.add(transaction, _EMAIL, "publisher", _PASSWORD, now, "the tests")
    record(database, list(_week(now)), keep_texts=True)
    shutil.copytree(small_knowledge, folder / "intents")
    settings = Settings(secret_key=_KEY, intents=folder / "intents")
    with ExitStack() as stack:
        yield stack.enter_context(served(create_app(settings, small_bot, database)))
    database.close()


def _week(now: datetime) -> Iterator[Record]:
    for day in reversed(range(7)):
        when = now - timedelta(days=day)
        for number, text in enumerate((*_LIFT, *_OTHERS)):
            if (day + number) % 3 == 0:
                yield TurnRecord(when, "fallback", None, (), (Missed(text, "unanswered"),))
        for kind, intents, times in (
            ("answer", ("prp_definition",), 9 + day),
            ("handoff", ("price",), 6),
            ("clarify", (), 5),
        ):
            yield from [TurnRecord(when, kind, None, intents)] * times
        yield Feedback(f"turn-{day}", when, day != 3, "prp_definition")


@pytest.fixture(scope="module")
def desk(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """The browser at the desk of the reception, logged in."""
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    tab = context.new_page()
    tab.goto("/staff/")
    tab.get_by_label("E-mail address").fill(_EMAIL)
    tab.get_by_label("Password").fill(_PASSWORD)
    tab.get_by_role("button", name="Log in").click()
    tab.wait_for_url("**/staff/inbox*")
    yield context
    context.close()


@pytest.fixture
def page(desk: BrowserContext) -> Iterator[Page]:
    """A tab with the inbox."""
    tab = desk.new_page()
    tab.goto("/staff/inbox")
    yield tab
    tab.close()


def _photograph(page: Page, name: str) -> None:
    """Keep a picture for the guide, where it is asked for."""
    before = page.viewport_size
    if _PICTURES and before:
        page.set_viewport_size({"width": 1000, "height": 700})
        page.screenshot(path=Path(_PICTURES) / f"{name}.png")
        page.set_viewport_size(before)


def _ask_the_widget(page: Page, text: str) -> str:
    """Ask on a page that patients see, in a new conversation, and what the widget then shows."""
    page.goto("/")
    page.evaluate("() => sessionStorage.clear()")
    page.reload()
    patient = Patient(page)
    patient.open()
    patient.ask(text)
    return patient.transcript.inner_text()


def test_a_receptionist_answers_a_group_of_questions_and_takes_it_back(page: Page) -> None:
    """Log in, open a group of five, add it to an answer, see what changes, publish, ask in the widget, go back."""
    _photograph(page, "inbox")
    begun = time.monotonic()
    page.get_by_role("link", name=re.compile("Open 5 questions")).click()
    _photograph(page, "question")
    page.get_by_label("Or another answer").select_option(label="How do I book?")
    page.get_by_role("button", name="Add to the draft").click()
    expect(page.get_by_text("It is not live yet")).to_be_visible(timeout=_PATIENCE)
    page.get_by_role("link", name="See what changes").click()
    expect(page.get_by_text("This may be published.")).to_be_visible(timeout=_PATIENCE)
    expect(page.get_by_role("heading", name="Other replies that change")).to_be_visible(timeout=_PATIENCE)
    _photograph(page, "changes")
    page.get_by_role("link", name="Go on to publish").click()
    page.get_by_label("Why").fill("Five patients asked about the lift")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Revision 2 is live.")).to_be_visible(timeout=_PATIENCE)
    clicks = time.monotonic() - begun
    answer = "Book online, or phone"
    assert answer in _ask_the_widget(page, _LIFT[0])
    page.goto("/staff/history/1")
    page.get_by_label("Why").fill("The lift is broken")
    page.get_by_role("button", name="Go back to revision 1").click()
    expect(page.get_by_text("this is revision 3")).to_be_visible(timeout=_PATIENCE)
    assert answer not in _ask_the_widget(page, _LIFT[0])
    assert clicks < 60


_PAGES = {
    "inbox": "/staff/inbox",
    "answers": "/staff/answers",
    "editor": "/staff/answers/prp_definition",
    "new-answer": "/staff/answers/new",
    "test": "/staff/test?q=what is prp",
    "alarm": "/staff/test?q=chest pain and cannot breathe",
    "history": "/staff/history",
    "analytics": "/staff/analytics",
    "controls": "/staff/controls",
    "audit": "/staff/audit",
    "draft": "/staff/draft",
    "exchange": "/staff/exchange",
    "password": "/staff/password",
    "nowhere": "/staff/nowhere",
    "faq": "/faq",
    "faq-found": "/faq?q=what is prp",
    "faq-alarm": "/faq?q=chest pain and cannot breathe",
    "privacy": "/privacy",
    "embed": "/embed",
}
_IN_THE_GUIDE = {"editor", "history", "test", "analytics"}


@pytest.mark.parametrize("name", _PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (768, "dark"), (320, "light")])
def test_pages_are_accessible_at_every_width(page: Page, name: str, width: int, scheme: str) -> None:
    """Axe finds nothing, nothing is cut off or scrolls sideways, and the page's policy is kept."""
    breaches: list[str] = []
    page.on("console", lambda message: breaches.append(message.text) if "Content Security" in message.text else None)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(_PAGES[name])
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert breaches == []
    if width == 1280 and name in _IN_THE_GUIDE:
        _photograph(page, name)
    found = Axe().run(page, options=_AXE).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found] == []


def test_the_keyboard_alone_is_enough_to_log_in(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.goto("/staff/login")
    for key in ("Tab", "Enter"):  # the skip link
        page.keyboard.press(key)
    for text in (_EMAIL, _PASSWORD):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/inbox*")
    context.close()
