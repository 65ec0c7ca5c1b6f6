"""Without a mouse: everything can be reached, the focus is never lost, and an arriving answer does not move it."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.patient import Patient
from tests.browser.states import ANSWERED, UNCLEAR

_MOST_STEPS = 30


def _press(patient: Patient, *keys: str) -> None:
    for key in keys:
        patient.page.keyboard.press(key)


def _tab_to(patient: Patient, name: str, key: str = "Tab") -> None:
    """Step from control to control until the one with this name has the focus."""
    for _ in range(_MOST_STEPS):
        if patient.focused() == name:
            return
        _press(patient, key)
    raise AssertionError(f"{name} cannot be reached; the focus is on {patient.focused()}")


def test_ask_choose_rate_restart_close(visit: Visit) -> None:
    """The whole visit with Tab, Enter, space and Escape alone."""
    patient = visit()
    page = patient.page
    page.locator("#link").focus()
    _press(patient, "Tab", "Enter")
    assert patient.focused() == "field"

    page.keyboard.type(UNCLEAR)
    _press(patient, "Enter")
    patient.wait()
    assert patient.focused() == "field"

    _tab_to(patient, "What is PRP?", "Shift+Tab")
    _press(patient, "Enter")
    expect(patient.transcript).to_contain_text("made from your own blood")
    assert patient.focused() == "You: What is PRP?"

    _tab_to(patient, "No")
    _press(patient, "Space")
    expect(patient.button("No")).to_have_attribute("aria-pressed", "true")
    _tab_to(patient, "It is hard to understand")
    _press(patient, "Space")
    expect(patient.button("It is hard to understand")).to_have_attribute("aria-pressed", "true")
    assert patient.focused() == "It is hard to understand"

    _tab_to(patient, "Menu", "Shift+Tab")
    _press(patient, "Enter")
    assert patient.focused() == "Start again"
    _press(patient, "Enter")
    assert patient.focused() == "No, keep it"
    _press(patient, "Tab", "Enter")
    assert patient.focused() == "field"
    expect(patient.transcript).not_to_contain_text("made from your own blood")

    _press(patient, "Escape")
    expect(patient.panel).to_be_hidden()
    assert patient.focused() == "Ask a question"


def test_the_restart_can_be_declined(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(ANSWERED)
    _tab_to(patient, "Menu", "Shift+Tab")
    _press(patient, "Enter", "Enter", "Enter")
    assert patient.focused() == "Menu"
    expect(patient.transcript).to_contain_text("made from your own blood")


def test_escape_closes_the_menu_before_the_chat(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.button("Menu").click()
    _press(patient, "Escape")
    assert patient.focused() == "Menu"
    expect(patient.button("Menu")).to_have_attribute("aria-expanded", "false")
    _press(patient, "Escape")
    expect(patient.panel).to_be_hidden()


def test_the_focus_may_leave(visit: Visit) -> None:
    """The panel is no trap: behind its last control comes what lies behind the widget."""
    patient = visit()
    patient.open()
    _tab_to(patient, "Privacy")
    _press(patient, "Tab")
    assert patient.focused() == "page"


def test_shift_enter_makes_a_line_and_enter_sends(visit: Visit) -> None:
    patient = visit()
    patient.open()
    page = patient.page
    page.keyboard.type("what does")
    _press(patient, "Shift+Enter")
    page.keyboard.type("prp mean")
    expect(patient.field).to_have_value("what does\nprp mean")
    _press(patient, "Enter")
    patient.wait()
    expect(patient.field).to_have_value("")
    expect(patient.transcript).to_contain_text("made from your own blood")


def test_enter_that_ends_a_composition_does_not_send(visit: Visit) -> None:
    """Chinese, Japanese and Korean are typed by composing; Enter accepts what was composed."""
    patient = visit()
    patient.open()
    patient.field.fill("what")
    for detail in ("isComposing: true", "keyCode: 229"):
        patient.field.evaluate(
            f"(node) => node.dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, {detail}}}))"
        )
    expect(patient.field).to_have_value("what")
    assert [name for name, _ in patient.events()] == ["ready", "open"]


def test_while_an_answer_is_awaited_the_focus_stays(visit: Visit) -> None:
    """Nothing is `disabled`, which would drop the focus; a second Enter sends nothing."""
    patient = visit()
    patient.open()
    patient.hold()
    patient.page.keyboard.type(ANSWERED)
    _press(patient, "Enter")
    expect(patient.button("Send")).to_have_attribute("aria-disabled", "true")
    assert patient.field.get_attribute("disabled") is None
    assert patient.focused() == "field"
    _press(patient, "Enter", "Enter")
    patient.release()
    patient.wait()
    assert patient.focused() == "field"
    expect(patient.button("Send")).to_have_attribute("aria-disabled", "false")
    assert [name for name, _ in patient.events()].count("question") == 1


def test_an_answer_does_not_fetch_the_focus_back(visit: Visit) -> None:
    """Somebody who went on reading the page stays there."""
    patient = visit()
    patient.open()
    patient.hold()
    patient.page.keyboard.type(ANSWERED)
    _press(patient, "Enter")
    patient.page.locator("#link").focus()
    patient.release()
    expect(patient.transcript).to_contain_text("made from your own blood")
    assert patient.page.evaluate("document.activeElement.id") == "link"
    assert patient.focused() == "page"


def test_a_used_choice_is_text(visit: Visit) -> None:
    patient = visit()
    patient.open()
    patient.ask(UNCLEAR)
    group = patient.page.get_by_role("group", name="Which of these do you mean?")
    expect(group.get_by_role("button")).to_have_count(4)
    patient.choose("What is PRP?")
    expect(group.get_by_role("button")).to_have_count(3)
    expect(group).to_contain_text("What is PRP? (you chose this)")


def test_focus_shows(visit: Visit) -> None:
    """A dark outline with a yellow halo, seen on any ground."""
    patient = visit()
    patient.open()
    for name in ("Menu", "Close the chat", "Conversation", "field"):
        _tab_to(patient, name, "Shift+Tab" if name == "Menu" else "Tab")
        style = patient.page.evaluate(
            "() => { const s = getComputedStyle(document.querySelector('clinic-faq').shadowRoot.activeElement);"
            " return [s.outlineStyle, s.outlineWidth, s.boxShadow]; }"
        )
        assert style[:2] == ["solid", "3px"]
        assert "rgb(255, 221, 0)" in style[2]
