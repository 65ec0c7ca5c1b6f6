"""Debian's Chromium, the real server on the small knowledge, and websites on another origin that carry the widget."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from chatbot import Chatbot
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.model import DecisionRule
from chatbot.settings import Settings
from tests.browser.hosts import Websites, served
from tests.browser.patient import RECORDER, Patient
from web.app import create_app
from web.services import services_of

#: `--no-sandbox`: in containers tests run as root, whom Chromium's sandbox refuses.
_ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--no-sandbox"]

Visit = Callable[..., Patient]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests here."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        told = "no chromium on the path (Debian: apt-get install chromium)"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def bot(small_knowledge: Path) -> Chatbot:
    """The small knowledge, with a rule that makes some messages unclear."""
    rule = DecisionRule(wrong_rate=0.05, threshold=0.9, margin=0.02, clarify=0.4)
    return Chatbot(load_knowledge(small_knowledge).model_copy(update={"decision": rule}))


@pytest.fixture(scope="package")
def servers(bot: Chatbot) -> Iterator[dict[str, str]]:
    """The origins of the website (`site`), of the server, of one switched off, and of one that allows one message."""
    with ExitStack() as stack:
        sites = Websites()
        site = stack.enter_context(served(sites))

        def serve(enabled: bool = True, limit: int = 1_000_000) -> str:
            key = "a key for tests that is long enough"
            app = create_app(Settings(secret_key=key, sites=(site,), limit_address=limit, limit_session=limit), bot)
            live = services_of(app).live
            live.state = replace(live.state, enabled=enabled)
            return stack.enter_context(served(app))

        on = sites.widget = serve()
        yield {"site": site, "on": on, "off": serve(enabled=False), "limited": serve(limit=1)}


@pytest.fixture
def visit(browser: Browser, servers: dict[str, str]) -> Iterator[Visit]:
    """Opens a website with the widget, as `visit("plain", dir="rtl", color_scheme="dark")`.

    The website is a page of `hosts.Websites`, or a path of the server itself. What follows are attributes of the script
    and options of the browser context; `server` is one of `servers`.
    """
    with ExitStack() as stack:

        def go(
            host: str = "plain", server: str = "on", prepare: Callable[[Page], None] | None = None, **options: Any
        ) -> Patient:
            attributes = {name.replace("_", "-"): options.pop(name) for name in list(options) if name in _ATTRIBUTES}
            if server != "on":
                attributes["server"] = servers[server]
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
            stack.callback(_leave, context)
            page = context.new_page()
            patient = Patient(page)
            page.add_init_script(RECORDER)
            if prepare:
                prepare(page)
            query = "&".join(f"{name}={value.replace('#', '%23')}" for name, value in attributes.items())
            page.goto(f"{servers['on']}{host}" if host.startswith("/") else f"{servers['site']}/{host}?{query}")
            page.wait_for_selector("clinic-faq", state="attached")
            return patient

        yield go


_ATTRIBUTES = frozenset(
    "site lang dir position offset_x offset_y z_index accent theme phone booking_url privacy_url".split()
)


def _leave(context: BrowserContext) -> None:
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.close()
