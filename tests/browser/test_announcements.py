"""What screen readers are told: each thing once, as plain text, and never the whole transcript again."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.states import ANSWERED, CRISIS, EMERGENCY, UNCLEAR

_LIVE = """() => {
  const root = document.querySelector("clinic-faq").shadowRoot;
  const live = "[role=log], [role=status], [role=alert], [aria-live]";
  return [...root.querySelectorAll(live)].map((node) =>
    [node.role, Boolean(node.closest("[role=dialog]")), Boolean(node.parentElement.closest(live))]);
}"""


def test_the_live_regions_are_there_from_the_start_and_outside_the_panel(visit: Visit) -> None:
    assert visit().page.evaluate(_LIVE) == [["log", False, False], ["status", False, False]]


def test_the_transcript_is_not_live(visit: Visit) -> None:
    patient = visit()
    patient.open()
    assert patient.transcript.get_attribute("aria-live") is None
    assert patient.transcript.get_attribute("tabindex") == "0"


def test_question_and_answer_are_each_told_once_and_then_dropped(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(ANSWERED)
    you, assistant = patient.heard()
    assert you == f"You: {ANSWERED}"
    assert assistant.startswith("Assistant: PRP is short for platelet-rich plasma.")
    assert "http" not in assistant
    expect(patient.page.get_by_role("log")).to_be_empty(timeout=2_000)


def test_a_quick_answer_is_not_announced_as_coming(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(ANSWERED)
    assert patient.heard("status") == []


def test_a_slow_answer_is_announced_as_coming_once(visit: Visit) -> None:
    patient = visit()
    patient.page.clock.install()
    patient.open()
    patient.hold()
    patient.field.fill(ANSWERED)
    patient.field.press("Enter")
    expect(patient.page.get_by_role("status")).to_have_text("Answer coming")
    patient.page.clock.fast_forward(3_000)
    patient.release()
    patient.wait()
    assert patient.heard("status") == ["Answer coming"]
    expect(patient.page.get_by_role("status")).to_be_empty()


def test_an_answer_that_comes_while_the_chat_is_closed_is_told(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.hold()
    patient.field.fill(ANSWERED)
    patient.field.press("Enter")
    patient.button("Close the chat").click()
    patient.release()
    patient.page.wait_for_function("() => heard.length === 2")
    assert patient.heard()[1].startswith("Assistant: PRP is short for")
    expect(patient.panel).to_be_hidden()


def test_choices_are_told_with_the_question(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(UNCLEAR)
    assert patient.heard()[-1].splitlines()[0] == "Assistant: Which of these do you mean?"
    assert "- What is PRP?" in patient.heard()[-1].splitlines()


def test_a_card_is_told_with_its_action_first(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(EMERGENCY)
    assert patient.heard()[-1].startswith("Assistant: Call 999 now\n")


def test_numbers_on_cards_are_spoken_as_digits(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(CRISIS)
    call = patient.page.get_by_role("link", name="Call Samaritans on 116 123 (one one six one two three)")
    expect(call).to_have_attribute("href", "tel:116123")


def test_errors_say_so_and_describe_the_field(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.button("Send").click()
    assert patient.heard() == ["Error: Please type your question first."]
    expect(patient.field).to_have_accessible_description("Error: Please type your question first.")
    expect(patient.field).to_have_attribute("aria-invalid", "true")
    patient.ask(ANSWERED)
    expect(patient.field).to_have_accessible_description("")
    patient.lose_server()
    patient.ask(ANSWERED)
    expect(patient.field).to_have_accessible_description(
        "Error: Your question was not sent. Please check your connection and try again."
    )
    assert patient.heard()[-2].startswith("Error: Your question was not sent.")
    assert patient.heard()[-1] == "If it's urgent call 111; if life is at risk call 999."


def test_every_speaker_is_named_in_the_transcript(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(ANSWERED)
    expect(patient.transcript).to_contain_text(f"You: {ANSWERED}")
    expect(patient.transcript).to_contain_text("Assistant: PRP is short for")
