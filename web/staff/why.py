"""Why the bot said what it said, for the test page and the page of a question."""

from dataclasses import dataclass

from chatbot.bot import Chatbot
from chatbot.dialogue.understanding import Part
from chatbot.knowledge.model import DecisionRule
from chatbot.language.matcher import Match


@dataclass(frozen=True)
class Candidate:
    """An intent that a question may mean, how sure that is in per cent, and the phrasing that came closest."""

    id: str
    question: str
    percent: int
    phrasing: str


@dataclass(frozen=True)
class Reason:
    """A question of the message: how it was read, what it may mean, and what was decided."""

    text: str
    reading: tuple[tuple[str, str], ...]
    candidates: tuple[Candidate, ...]
    because: str


def reasons(parts: tuple[Part, ...], bot: Chatbot) -> tuple[Reason, ...]:
    """The reasons of a turn, a question at a time."""
    return tuple(
        Reason(part.text, _reading(part), candidates(part.matches, bot), _because(part, bot)) for part in parts
    )


def candidates(matches: tuple[Match, ...], bot: Chatbot) -> tuple[Candidate, ...]:
    """The intents of matches."""
    return tuple(
        Candidate(match.label, bot.intents[match.label].question, round(match.confidence * 100), match.phrasing)
        for match in matches
    )


def _reading(part: Part) -> tuple[tuple[str, str], ...]:
    wording = part.wording
    rows = (
        ("Spelling mended", _pairs(wording.mended)),
        ("Read as", _pairs(wording.synonyms)),
        ("Ideas found", ", ".join(wording.concepts)),
        ("Compared", wording.text),
    )
    return tuple((name, value) for name, value in rows if value)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{old} → {new}" for old, new in pairs)


def _because(part: Part, bot: Chatbot) -> str:
    """The decision in words, with the two numbers behind it."""
    if not part.matches:
        return "Nothing was compared: a choice was picked or refused, or there was no question."
    best = part.matches[0].confidence
    lead = best - part.matches[1].confidence if len(part.matches) > 1 else 1.0
    return f"{_decided(part.decision.kind)} {_numbers(best, lead, bot.rule)}"


def _decided(kind: str) -> str:
    said = {
        "answer": "Answered.",
        "handoff": "Handed over to the team.",
        "smalltalk": "Small talk.",
        "clarify": "Not sure enough, so the closest questions are offered.",
        "fallback": "Not sure enough to offer anything.",
    }
    return said[kind]


def _numbers(best: float, lead: float, rule: DecisionRule) -> str:
    return (
        f"The best is {best:.0%} sure (answers need {rule.threshold:.0%}, choices {rule.clarify:.0%}) "
        f"and {lead:.0%} ahead of the next (answers need {rule.margin:.0%})."
    )
