"""Every state of the widget, and the way a patient gets there."""

from collections.abc import Callable

from tests.browser.patient import Patient

#: Asked of the small knowledge with the rule of `conftest`.
ANSWERED = "what does prp mean"
LISTED = "how is prp done"
HANDED_OFF = "how much"
UNCLEAR = "prp hurts"
UNKNOWN = "what is the capital of france"
EMERGENCY = "my chest hurts and i cannot breathe"
CRISIS = "i want to end it all"
URGENT = "my knee is hot red and swollen since the jab"

Reach = Callable[[Patient], None]


def _asked(text: str) -> Reach:
    def reach(patient: Patient) -> None:
        patient.open()
        patient.ask(text)

    return reach


def _failing(status: int, **headers: str) -> Reach:
    def reach(patient: Patient) -> None:
        patient.open()
        patient.fail(status, {name.replace("_", "-"): value for name, value in headers.items()})
        patient.ask(ANSWERED)

    return reach


def _closed(patient: Patient) -> None:
    patient.launcher.wait_for()


def _open(patient: Patient) -> None:
    patient.open()


def _waiting(patient: Patient) -> None:
    patient.open()
    patient.hold()
    patient.field.fill(ANSWERED)
    patient.field.press("Enter")
    patient.page.wait_for_function("() => heard.some(([role]) => role === 'status')")


def _slow(patient: Patient) -> None:
    patient.page.clock.install()
    _waiting(patient)
    patient.page.clock.fast_forward(8_000)
    patient.wait()


def _chosen(patient: Patient) -> None:
    _asked(UNCLEAR)(patient)
    patient.choose("What is PRP?")


def _offline(patient: Patient) -> None:
    patient.open()
    patient.lose_server()
    patient.ask(ANSWERED)


def _too_long(patient: Patient) -> None:
    _asked("a long story " * 100)(patient)


def _empty(patient: Patient) -> None:
    patient.open()
    patient.button("Send").click()


def _menu(patient: Patient) -> None:
    patient.open()
    patient.button("Menu").click()


def _confirming(patient: Patient) -> None:
    _menu(patient)
    patient.button("Start again").click()


def _unhelpful(patient: Patient) -> None:
    _asked(LISTED)(patient)
    patient.button("No").click()
    patient.page.get_by_role("button", name="Something else").wait_for()


def _thanked(patient: Patient) -> None:
    _unhelpful(patient)
    patient.button("It is hard to understand").click()
    patient.transcript.get_by_text("Thank you.").wait_for()


def _unsent_feedback(patient: Patient) -> None:
    _asked(ANSWERED)(patient)
    patient.fail(500, path="feedback")
    patient.button("Yes, this helped").click()
    patient.transcript.get_by_text("Error: That was not sent.").wait_for()


def _new_session(patient: Patient) -> None:
    patient.page.evaluate('sessionStorage.setItem(\'clinic-faq:clinic\', \'{"token": "forged", "entries": []}\')')
    _asked(ANSWERED)(patient)


STATES: dict[str, Reach] = {
    "closed": _closed,
    "open": _open,
    "waiting": _waiting,
    "slow": _slow,
    "offline": _offline,
    "server-error": _failing(500),
    "limited": _failing(429, Retry_After="30"),
    "too-long": _too_long,
    "empty": _empty,
    "answer": _asked(ANSWERED),
    "handoff": _asked(HANDED_OFF),
    "clarify": _asked(UNCLEAR),
    "chosen": _chosen,
    "no-answer": _asked(UNKNOWN),
    "emergency": _asked(EMERGENCY),
    "crisis": _asked(CRISIS),
    "urgent": _asked(URGENT),
    "switched-off": _open,
    "asked-while-off": _asked(ANSWERED),
    "alarm-while-off": _asked(EMERGENCY),
    "new-session": _new_session,
    "menu": _menu,
    "confirming": _confirming,
    "unhelpful": _unhelpful,
    "thanked": _thanked,
    "unsent-feedback": _unsent_feedback,
}

#: States of a server that is switched off.
OFF = frozenset({"switched-off", "asked-while-off", "alarm-while-off"})

#: What can be reached without the server: all else needs an answer of it.
WITHOUT_SERVER = frozenset({"closed", "open", "offline", "empty", "menu", "confirming"})

#: What a browser without storage cannot come to.
NEEDS_STORAGE = frozenset({"new-session"})
