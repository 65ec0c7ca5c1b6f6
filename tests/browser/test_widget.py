"""What the widget does for the website that carries it: size, requests, privacy, attributes, methods, events, hosts."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.patient import without_server, without_storage
from tests.browser.states import ANSWERED, EMERGENCY, HANDED_OFF, UNCLEAR

SCRIPT = Path(__file__).parents[2] / "web" / "static" / "widget.js"
CONTACT = {
    "Phone 020 7946 0999": "tel:02079460999",
    "Book online": "https://other.example/book",
    "999": "tel:999",
}
STORED = "() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]"


def test_size() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), mtime=0)) <= 12_000


def test_one_request_before_it_is_opened(visit: Visit, servers: dict[str, str]) -> None:
    """The script itself; opening asks for the configuration; nothing ever goes to a third party."""
    asked: list[str] = []
    patient = visit(prepare=lambda page: page.on("request", lambda request: asked.append(request.url)))
    patient.page.wait_for_timeout(300)
    website = f"{servers['site']}/"
    assert [url for url in asked if not url.startswith((website, "data:"))] == [f"{servers['on']}/widget.js"]
    patient.open()
    patient.ask(ANSWERED)
    paths = [urlsplit(url).path for url in asked if url.startswith(servers["on"])]
    assert paths == ["/widget.js", "/api/config", "/api/chat"]
    assert all(url.startswith((website, servers["on"], "data:")) for url in asked)


def test_nothing_is_stored_before_the_first_message(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.field.fill("half a thought")
    assert patient.page.evaluate(STORED) == [[], [], ""]
    patient.ask(ANSWERED)
    assert patient.page.evaluate(STORED) == [[], ["clinic-faq:clinic"], ""]
    assert patient.page.context.cookies() == []


def test_no_cookies_are_sent(visit: Visit, servers: dict[str, str]) -> None:
    headers = []
    patient = visit()
    patient.page.context.add_cookies([{"name": "login", "value": "1", "url": servers["on"]}])
    patient.page.on(
        "request", lambda request: headers.append(request.all_headers()) if "/api/" in request.url else None
    )
    patient.open()
    patient.ask(ANSWERED)
    assert len(headers) >= 2
    assert not any("cookie" in each for each in headers)


def test_the_conversation_is_there_on_the_next_page_but_does_not_open_by_itself(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(UNCLEAR)
    patient.page.reload()
    expect(patient.launcher).to_be_visible()
    expect(patient.panel).to_be_hidden()
    patient.open()
    expect(patient.transcript).to_contain_text(UNCLEAR)
    assert patient.heard() == []
    patient.ask("1")
    expect(patient.transcript).to_contain_text("made from your own blood")


def test_without_storage_the_conversation_lives_in_memory(visit: Visit) -> None:
    patient = visit(prepare=without_storage)
    patient.open()
    patient.ask(UNCLEAR)
    patient.ask("1")
    expect(patient.transcript).to_contain_text("made from your own blood")
    assert patient.errors == []


def test_a_forged_token_starts_anew_and_says_so(visit: Visit) -> None:
    patient = visit()
    patient.page.evaluate('sessionStorage.setItem(\'clinic-faq:clinic\', \'{"token": "forged", "entries": []}\')')
    patient.open()
    patient.ask(ANSWERED)
    expect(patient.transcript).to_contain_text("so this is a new one")


def test_events_carry_ids_and_never_text(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(HANDED_OFF)
    rated = "(times) => events.filter(([name]) => name === 'feedback').length === times"
    patient.button("No").click()
    patient.page.wait_for_function(rated, arg=1)  # the reply to it scrolls, and would move the next button away
    patient.button("Something else").click()
    patient.page.wait_for_function(rated, arg=2)
    patient.lose_server()
    patient.ask("a private matter")
    patient.button("Close the chat").click()
    assert patient.events() == [
        ("ready", {"site": "clinic"}),
        ("open", {"site": "clinic"}),
        ("question", {"site": "clinic", "intent": None}),
        ("answer", {"site": "clinic", "entry": 1, "kind": "handoff", "intents": ["price"], "tier": None}),
        ("handoff", {"site": "clinic", "entry": 1, "kind": "handoff", "intents": ["price"], "tier": None}),
        ("feedback", {"site": "clinic", "entry": 1, "helpful": False}),
        ("feedback", {"site": "clinic", "entry": 1, "helpful": False, "reason": "other"}),
        ("question", {"site": "clinic", "intent": None}),
        ("error", {"site": "clinic", "status": None, "fault": "offline"}),
        ("close", {"site": "clinic"}),
    ]


def test_methods(visit: Visit) -> None:
    patient = visit()

    def call(what: str) -> None:
        patient.page.evaluate(f"() => {{ document.querySelector('clinic-faq').{what}; }}")

    call("toggle()")
    expect(patient.panel).to_be_visible()
    call("toggle()")
    expect(patient.panel).to_be_hidden()
    call("open()")
    call("close()")
    expect(patient.panel).to_be_hidden()
    call(f"ask('{ANSWERED}')")
    expect(patient.transcript).to_contain_text("made from your own blood")
    call("restart()")
    expect(patient.transcript).not_to_contain_text("made from your own blood")
    assert patient.page.evaluate(STORED) == [[], [], ""]
    call("destroy()")
    patient.page.wait_for_timeout(400)
    assert patient.page.evaluate("() => [document.querySelector('clinic-faq'), window.clinicFaq]") == [None, None]
    assert patient.errors == []


def test_it_comes_back_where_a_host_page_replaces_its_body(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(ANSWERED)
    patient.page.evaluate("() => document.body.replaceWith(document.createElement('body'))")
    expect(patient.transcript).to_contain_text("made from your own blood")


def test_a_second_copy_of_the_script_changes_nothing(visit: Visit, servers: dict[str, str]) -> None:
    patient = visit()
    patient.page.add_script_tag(url=f"{servers['on']}/widget.js")
    assert patient.page.locator("clinic-faq").count() == 1
    assert patient.errors == []


@pytest.mark.parametrize(
    ("accent", "colour"),
    [("#7a1fa2", "rgb(122, 31, 162)"), ("#ffb81c", "rgb(0, 94, 184)"), ("red;}", "rgb(0, 94, 184)")],
)
def test_accent_under_the_contrast_is_refused(visit: Visit, accent: str, colour: str) -> None:
    expect(visit(accent=accent).launcher).to_have_css("background-color", colour)


@pytest.mark.parametrize(("attributes", "left"), [({}, False), ({"position": "left"}, True), ({"dir": "rtl"}, True)])
def test_corner(visit: Visit, attributes: dict[str, str], left: bool) -> None:
    patient = visit(offset_x="32", offset_y="48", **attributes)
    box = patient.launcher.bounding_box()
    assert box is not None
    assert round(box["x"] if left else 1280 - box["x"] - box["width"]) == 32
    assert round(800 - box["y"] - box["height"]) == 48


def test_theme_language_and_layer(visit: Visit) -> None:
    patient = visit(theme="dark", lang="cy", z_index="7", color_scheme="light")
    patient.open()
    expect(patient.panel).to_have_css("background-color", "rgb(27, 37, 45)")
    root = "document.querySelector('clinic-faq').shadowRoot.querySelector('[lang]').lang"
    assert patient.page.evaluate(root) == "cy"
    assert patient.page.evaluate("getComputedStyle(document.querySelector('clinic-faq')).zIndex") == "7"


def test_closed_only_the_launcher_takes_room(visit: Visit) -> None:
    """The page behind can be pressed everywhere else, and is no longer than it was."""
    patient = visit(viewport={"width": 375, "height": 667})
    found = patient.page.evaluate(
        """() => {
          const taken = [];
          for (let x = 4; x < innerWidth; x += 8) for (let y = 4; y < innerHeight; y += 8)
            if (document.elementFromPoint(x, y)?.localName === "clinic-faq") taken.push([x, y]);
          const box = document.querySelector("clinic-faq").shadowRoot.querySelector("button").getBoundingClientRect();
          const outside = taken.filter(([x, y]) => x < box.left || x > box.right || y < box.top || y > box.bottom);
          return [taken.length > 0, outside, document.documentElement.scrollHeight > innerHeight];
        }"""
    )
    assert found == [True, [], False]
    patient.page.locator("#link").click()
    assert patient.page.url.endswith("#there")


def test_a_hostile_style_of_the_host_page_does_not_reach_it(visit: Visit) -> None:
    """Element by element it looks as on a plain page."""
    measure = """() => [...document.querySelector('clinic-faq').shadowRoot.querySelectorAll('*')].map((node) => {
      const box = node.getBoundingClientRect(), style = getComputedStyle(node);
      return [node.localName, box.x, box.y, box.width, box.height, style.color, style.fontFamily, style.fontSize,
        style.direction, style.textTransform, style.letterSpacing, style.opacity, style.pointerEvents,
        style.visibility];
    })"""
    seen = []
    for host in ("plain", "hostile"):
        patient = visit(host)
        patient.open()
        patient.ask(ANSWERED)
        seen.append(patient.page.evaluate(measure))
    assert len(seen[0]) > 30
    assert seen[0] == seen[1]


def test_the_host_page_hears_no_keys(visit: Visit) -> None:
    """A page that searches when somebody presses "s" must not do so while a question is typed."""
    patient = visit()
    patient.page.evaluate(
        "() => { window.keys = []; document.addEventListener('keydown', ({key}) => keys.push(key)); }"
    )
    patient.open()
    patient.field.press_sequentially("sciatica?")
    patient.page.keyboard.press("Escape")
    assert patient.page.evaluate("keys") == []


def test_strict_policy(visit: Visit) -> None:
    """`default-src 'none'` and `trusted-types 'none'`: nothing is refused through a whole conversation."""
    patient = visit("strict")
    patient.open()
    patient.ask(ANSWERED)
    patient.button("No").click()
    patient.ask(EMERGENCY)
    patient.button("Menu").click()
    patient.button("Start again").click()
    patient.button("Yes, start again").click()
    expect(patient.launcher).to_be_hidden()
    assert patient.page.evaluate("breaches") == []
    assert patient.errors == []


def test_contact_from_the_page_where_the_server_is_down(visit: Visit) -> None:
    patient = visit(
        prepare=without_server,
        phone="020 7946 0999",
        booking_url="https://other.example/book",
    )
    patient.open()
    for _ in ("when it opens", "when a question fails"):
        for name, address in CONTACT.items():
            expect(patient.page.get_by_role("link", name=name, exact=True).last).to_have_attribute("href", address)
        patient.ask(ANSWERED)


def test_a_page_may_not_smuggle_code_into_a_link(visit: Visit) -> None:
    """An address that could run something becomes plain text."""
    patient = visit(
        prepare=without_server,
        phone="1",
        booking_url="javascript:alert(1)",
    )
    patient.open()
    expect(patient.panel).to_contain_text("Book online")
    expect(patient.page.get_by_role("link", name="Book online")).to_have_count(0)


def test_what_is_typed_stays_text(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask("<img src=x onerror=window.hacked=1> <b>bold</b>")
    expect(patient.transcript).to_contain_text("<img src=x onerror=window.hacked=1> <b>bold</b>")
    assert patient.page.evaluate("window.hacked") is None


def test_transcript_as_a_file(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(ANSWERED)
    patient.button("Menu").click()
    with patient.page.expect_download() as downloading:
        patient.button("Save as a text file").click()
    text = Path(downloading.value.path()).read_text(encoding="utf-8")
    assert downloading.value.suggested_filename == "conversation.txt"
    assert f"You: {ANSWERED}\n\nAssistant: PRP is short for" in text
    assert "https://small.example/post/" in text


def test_print_shows_the_conversation_alone(visit: Visit) -> None:
    patient = visit(prepare=lambda page: page.add_init_script("window.print = () => { window.printed = true; }"))
    patient.open()
    patient.ask(ANSWERED)
    patient.button("Menu").click()
    patient.button("Print").click()
    assert patient.page.evaluate("printed")
    patient.page.emulate_media(media="print")
    expect(patient.page.get_by_role("heading", name="A clinic")).to_be_hidden()
    expect(patient.transcript).to_be_visible()
    expect(patient.button("Send")).to_be_hidden()
    patient.page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(patient.page.get_by_role("heading", name="A clinic")).to_be_visible()
    expect(patient.transcript).to_be_hidden()


def test_zooming_in_and_a_keyboard_on_the_screen(visit: Visit) -> None:
    """An on-screen keyboard shrinks only the visual viewport; the panel follows, and a pinch does not move it."""
    patient = visit(viewport={"width": 375, "height": 667})
    patient.open()
    for scale, height in ((1, 400), (2, 667)):
        patient.page.evaluate(
            """([scale, height]) => {
              for (const [name, value] of Object.entries({scale, height: height === 667 ? 333 : height, offsetTop: 20}))
                Object.defineProperty(visualViewport, name, {value, configurable: true});
              visualViewport.dispatchEvent(new Event("resize"));
            }""",
            [scale, height],
        )
        box = patient.panel.bounding_box()
        assert box is not None
        assert box["height"] == height
