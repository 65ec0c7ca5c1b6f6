"""The turn: what is said to the questions of a message, and the session to come back with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.dialogue import reply as blocks
from chatbot.dialogue.context import remember
from chatbot.dialogue.decision import Kind
from chatbot.dialogue.reply import Block, Reply
from chatbot.dialogue.safety import Alert
from chatbot.dialogue.session import Session
from chatbot.dialogue.understanding import Part
from chatbot.knowledge.model import Intent, Knowledge, Tier

#: From this miss in a row the contact comes first.
CONTACT_FIRST_FROM = 3
_RELATED = 3

_WORTH_OFFERING = 0.05


@dataclass(frozen=True)
class Turn:
    """What the bot says to one message, why, and the session to come back with."""

    text: str
    kind: Kind
    intents: tuple[str, ...]
    confidence: float
    tier: Tier | None
    reply: Reply
    parts: tuple[Part, ...]
    session: Session


def alert_turn(text: str, alert: Alert, session: Session, knowledge: Knowledge) -> Turn:
    """The card alone: no answer, no booking; the conversation remembers that there was an alarm."""
    return Turn(
        text=text,
        kind="safety",
        intents=(),
        confidence=1.0,
        tier=alert.tier,
        reply=Reply(blocks.safety_card(alert, knowledge.safety)),
        parts=(),
        session=replace(session, alerted=True, choices=(), clarifying=False, misses=0),
    )


def compose(
    text: str, parts: Sequence[Part], session: Session, knowledge: Knowledge, *, caution: bool, team: bool
) -> Turn:
    """The turn for the questions of a message.

    `caution`: it carries the 111/999 line; `team`: the safety gate asked for the team.
    """
    missed = session.misses + 1 if parts[0].decision.kind == "fallback" else 0
    said = [block for part in parts for block in _say(part, missed, knowledge)]
    if caution:
        said.append(_line(knowledge.safety.lines.caution, knowledge))
    answered = [part.decision.intents[0] for part in parts if part.decision.answered]
    clinic = any(knowledge.by_id[intent].tier for intent in answered)
    return Turn(
        text=text,
        kind=parts[0].decision.kind,
        intents=tuple(intent for part in parts for intent in part.decision.intents),
        confidence=min(part.decision.confidence for part in parts),
        tier="clinic" if clinic or (team and parts[0].decision.kind == "handoff") else None,
        reply=Reply(_each_once(said)),
        parts=tuple(parts),
        session=_after(session, parts, missed, said, knowledge),
    )


def _after(
    session: Session, parts: Sequence[Part], misses: int, said: Sequence[Block], knowledge: Knowledge
) -> Session:
    clarifying = any(part.decision.kind == "clarify" for part in parts)
    after = replace(session, misses=misses, choices=_offered(said), clarifying=clarifying)
    for part in parts:
        if part.decision.answered:
            after = remember(after, part.decision.intents[0], knowledge)
    return after


def _say(part: Part, misses: int, knowledge: Knowledge) -> tuple[Block, ...]:
    """The blocks for one question."""
    decision, clinic = part.decision, knowledge.clinic
    if decision.answered:
        return _answer(knowledge.by_id[decision.intents[0]], knowledge)
    if decision.kind == "clarify":
        offered = [knowledge.by_id[i] for i in decision.intents]
        return (blocks.choices(offered, clinic.clarify, clinic.none_of_these),)
    return _fallback(part, misses, knowledge)


def _answer(intent: Intent, knowledge: Knowledge) -> tuple[Block, ...]:
    safety = (_line(knowledge.safety.lines.answer, knowledge),) if intent.safety_line else ()
    related = [knowledge.by_id[i] for i in intent.related[:_RELATED]]
    onward = (blocks.choices(related, knowledge.clinic.related),) if related else ()
    return (*blocks.answer(intent, knowledge), *safety, *onward)


def _fallback(part: Part, misses: int, knowledge: Knowledge) -> tuple[Block, ...]:
    """The contact, the line on whom to call if it is urgent, and the nearest questions, else those to start with."""
    clinic = knowledge.clinic
    near = [knowledge.by_id[match.label] for match in part.matches if match.confidence >= _WORTH_OFFERING]
    near = [intent for intent in near if intent.kind != "smalltalk"] or [knowledge.by_id[i] for i in clinic.starters]
    suggestions = blocks.choices(near, clinic.nearest)
    urgent = _line(knowledge.safety.lines.caution, knowledge)
    if misses >= CONTACT_FIRST_FROM:
        return (*blocks.contact(clinic), blocks.paragraph(clinic.fallback_again), urgent, suggestions)
    return (blocks.paragraph(clinic.fallback), *blocks.contact(clinic), urgent, suggestions)


def _line(text: str, knowledge: Knowledge) -> Block:
    return blocks.SafetyLine(knowledge.safety.fill(text))


def _offered(said: Sequence[Block]) -> tuple[str, ...]:
    """The intents of the last choices said, which the patient can pick by number."""
    for block in reversed(said):
        if isinstance(block, blocks.Choices):
            return tuple(choice.intent for choice in block.choices)
    return ()


def _each_once(said: Sequence[Block]) -> tuple[Block, ...]:
    """No block twice, and only the last choices, however many questions were answered."""
    choices = [block for block in said if isinstance(block, blocks.Choices)]
    kept = [block for block in dict.fromkeys(said) if block not in choices[:-1]]
    return tuple(kept)
