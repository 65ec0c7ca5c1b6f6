"""What a patient gets where no answer comes: the question is kept, there is a number to call; an alarm has its card."""

import pytest
from playwright.sync_api import expect

from tests.browser.checks import violations
from tests.browser.conftest import Visit
from tests.browser.patient import Patient
from tests.browser.states import ANSWERED, CRISIS, EMERGENCY, UNCLEAR, URGENT

_URGENT_LINE = "If it's urgent call 111; if life is at risk call 999."


def _card(patient: Patient) -> str:
    """The tier whose card shows last."""
    card = patient.transcript.locator(".card").last
    expect(card).to_be_visible()
    return str(card.get_attribute("class")).removeprefix("card ")


def _expect_way_out(patient: Patient) -> None:
    expect(patient.transcript.get_by_role("link", name="Phone 020 7946 0000").last).to_have_attribute(
        "href", "tel:02079460000"
    )
    expect(patient.transcript).to_contain_text(_URGENT_LINE)


@pytest.mark.parametrize(("message", "card", "heading"), [
    (EMERGENCY, "emergency", "Call 999 now"),
    (CRISIS, "crisis", "Talk to someone now"),
    (URGENT, "today", "Call 111 today"),
])  # fmt: skip
def test_safety_cards(visit: Visit, message: str, card: str, heading: str) -> None:
    """Alone, in sight at once, in words and colour, with numbers to press and nothing to rate or read."""
    patient = visit(viewport={"width": 375, "height": 667})
    patient.open()
    patient.ask(message)
    assert _card(patient) == card
    title = patient.page.get_by_role("heading", name=heading)
    expect(title).to_be_in_viewport()
    reply = patient.transcript.locator(".said").last
    expect(reply.get_by_role("button")).to_have_count(0)
    addresses = {link.get_attribute("href") for link in reply.get_by_role("link").all()}
    assert "tel:999" in addresses
    assert all(address is not None and address.startswith(("tel:", "sms:")) for address in addresses)


def test_offline_keeps_the_question_and_tries_again(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.lose_server()
    patient.ask(ANSWERED)
    expect(patient.field).to_have_value(ANSWERED)
    _expect_way_out(patient)
    patient.recover()
    patient.choose("Try again")
    expect(patient.field).to_have_value("")
    expect(patient.transcript).to_contain_text("made from your own blood")
    expect(patient.transcript).not_to_contain_text("Error:")
    expect(patient.transcript.get_by_text(ANSWERED)).to_have_count(1)


def test_what_was_changed_after_a_failure_is_sent_as_changed(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.lose_server()
    patient.ask("half of my")
    patient.recover()
    patient.ask(ANSWERED)
    expect(patient.transcript).not_to_contain_text("half of my")
    expect(patient.transcript).to_contain_text("made from your own blood")


def test_a_choice_that_failed_is_tried_again(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(UNCLEAR)
    patient.lose_server()
    patient.choose("What is PRP?")
    expect(patient.field).to_have_value("")
    patient.recover()
    patient.choose("Try again")
    expect(patient.transcript).to_contain_text("made from your own blood")


def test_slow_gives_up_after_eight_seconds(visit: Visit) -> None:
    patient = visit()
    patient.page.clock.install()
    patient.open()
    patient.hold()
    patient.field.fill(ANSWERED)
    patient.field.press("Enter")
    patient.page.clock.fast_forward(7_900)
    expect(patient.button("Send")).to_have_attribute("aria-disabled", "true")
    patient.page.clock.fast_forward(200)
    patient.wait()
    expect(patient.transcript).to_contain_text("Error: The answer is taking too long.")
    expect(patient.field).to_have_value(ANSWERED)
    _expect_way_out(patient)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_errors(visit: Visit, status: int) -> None:
    """Also from a proxy, whose 503 is no off-switch."""
    patient = visit()
    patient.open()
    patient.fail(status)
    patient.ask(ANSWERED)
    expect(patient.transcript).to_contain_text("Error: Something went wrong on our side.")
    expect(patient.button("Try again")).to_be_visible()
    expect(patient.field).to_have_value(ANSWERED)
    _expect_way_out(patient)


def test_the_limit_of_the_server(visit: Visit) -> None:
    """The real one: the button waits as long as the server says, and an alarm still gets its card."""
    patient = visit(server="limited")
    patient.page.clock.install()
    patient.open()
    patient.ask(ANSWERED)
    patient.ask(UNCLEAR)
    expect(patient.transcript).to_contain_text("Error: Too many questions in a short time. Please wait ")
    expect(patient.button("Try again")).to_have_attribute("aria-disabled", "true")
    expect(patient.field).to_have_value(UNCLEAR)
    _expect_way_out(patient)
    patient.page.clock.fast_forward(61_000)
    expect(patient.button("Try again")).to_have_attribute("aria-disabled", "false")
    assert "You can try again now." in patient.heard()
    patient.ask(EMERGENCY)
    assert _card(patient) == "emergency"


def test_switched_off(visit: Visit) -> None:
    """It says so at once; what is asked anyway gets the same, and an alarm its card."""
    patient = visit(server="off")
    patient.open()
    expect(patient.transcript).to_contain_text("The chat is switched off just now.")
    expect(patient.page.get_by_role("group", name="People often ask")).to_have_count(0)
    _expect_way_out(patient)
    patient.ask(ANSWERED)
    expect(patient.transcript).to_contain_text("Error: The chat is switched off just now.")
    expect(patient.page.get_by_role("button", name="Try again")).to_have_count(0)
    _expect_way_out(patient)
    patient.ask(EMERGENCY)
    assert _card(patient) == "emergency"


def test_too_long(visit: Visit) -> None:
    """The text stays to be shortened; an alarm at the end of a long story gets its card."""
    story = "it is a long story " * 100
    patient = visit()
    patient.open()
    patient.ask(story)
    expect(patient.transcript).to_contain_text(
        "Error: Your question is too long. Please use fewer than 1000 characters."
    )
    expect(patient.field).to_have_value(story.strip())
    patient.ask(f"{story} {EMERGENCY}")
    assert _card(patient) == "emergency"


def test_the_server_comes_back_between_two_openings(visit: Visit) -> None:
    patient = visit()
    patient.lose_server()
    patient.open()
    expect(patient.transcript).to_contain_text("cannot be reached just now")
    patient.button("Close the chat").click()
    patient.recover()
    patient.open()
    expect(patient.transcript).to_contain_text("Hello. I am an automated assistant, not a clinician.")


def test_a_slow_start_shows_what_this_is(visit: Visit) -> None:
    """The purpose shows before the server has said anything."""
    patient = visit()
    patient.hold("config")
    patient.open()
    expect(patient.panel).to_contain_text("I am an automated assistant, not a clinician.")
    patient.release()
    expect(patient.button("What is PRP?")).to_be_visible()


def test_demo_page(visit: Visit) -> None:
    """The page `/` with its own policy: no flaw, and the widget answers."""
    for width in (1280, 375):
        patient = visit("/", viewport={"width": width, "height": 700})
        assert violations(patient) == []
        assert patient.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        patient.open()
        patient.ask(ANSWERED)
        expect(patient.transcript).to_contain_text("made from your own blood")
        assert violations(patient) == []
        assert patient.page.evaluate("breaches") == []
