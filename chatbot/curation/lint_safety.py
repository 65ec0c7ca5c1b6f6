"""The safety data: what is signed off, whether each concept is found, and that no phrasing sets off an alarm."""

from collections.abc import Iterator

from chatbot.curation.lint_base import Desk
from chatbot.curation.prose import grade
from chatbot.dialogue.safety import SafetyGate, unfound_examples
from chatbot.knowledge.problems import Level, Problem
from chatbot.knowledge.safety_rules import idle_wordings
from chatbot.language.english import load_english

#: Reading age of medical texts up to 14 (safety policy), as a grade: age minus five.
_HARDEST_GRADE = 9.0


def lint_safety(desk: Desk) -> Iterator[Problem]:
    """Everything about `safety.yaml` that its shape does not tell."""
    yield from _signed_off(desk)
    yield from _readable(desk)
    yield from _found(desk)
    yield from _idle(desk)
    yield from _alarming_phrasings(desk)


def _signed_off(desk: Desk) -> Iterator[Problem]:
    rules = desk.knowledge.safety
    waiting = [f"tier {name}" for name, tier in rules.tiers.items() if tier.clinical_sign_off == "pending"]
    waiting += [f"card {name}" for name, card in rules.cards.items() if card.clinical_sign_off == "pending"]
    if waiting:
        message = f"the clinic's lead clinician has not signed off: {', '.join(waiting)}."
        yield _problem(desk, "sign-off-pending", message, "tiers")


def _readable(desk: Desk) -> Iterator[Problem]:
    rules = desk.knowledge.safety
    for name, card in rules.cards.items():
        text = rules.fill(" ".join([f"{card.heading}.", *card.lines]))
        if grade(text) > _HARDEST_GRADE:
            yield _problem(
                desk, "hard-to-read", f"the card '{name}' is hard to read: use shorter words.", "cards", name
            )


def _found(desk: Desk) -> Iterator[Problem]:
    for path, message in unfound_examples(desk.knowledge.safety):
        yield _problem(desk, "unfound-example", f"{message}. Add a wording, or mend the example.", *path, level="error")


def _idle(desk: Desk) -> Iterator[Problem]:
    for path, message in idle_wordings(desk.knowledge.safety):
        yield _problem(desk, "idle-wording", f"{message}. Write it so.", *path)


def _alarming_phrasings(desk: Desk) -> Iterator[Problem]:
    gate = SafetyGate(desk.knowledge.safety, load_english())
    for intent in desk.knowledge.intents():
        for place, phrasing in enumerate((intent.question, *intent.phrasings)):
            alert = gate.gate(phrasing)
            if alert is None:
                continue
            path = ("phrasings", place - 1) if place else ("question",)
            message = f"'{phrasing}' gets the {alert.tier} card, so it never reaches this answer. Reword or remove it."
            yield desk.problem(intent, "alarming-phrasing", message, *path)


def _problem(desk: Desk, code: str, message: str, *path: str | int, level: Level = "warning") -> Problem:
    file = desk.lines.named("safety.yaml")
    return Problem(file, desk.lines.at(file, *path), code, message, level)
