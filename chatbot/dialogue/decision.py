"""From ranked intents to what to do: answer, clarify, hand off, or admit that nothing fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.knowledge.model import DecisionRule, Intent
from chatbot.language.matcher import Match

Kind = Literal["answer", "handoff", "smalltalk", "clarify", "fallback", "safety"]

MAX_CHOICES = 3


@dataclass(frozen=True)
class Decision:
    """What to do with one question, the intents answered or offered, and the confidence of the best match."""

    kind: Kind
    intents: tuple[str, ...]
    confidence: float

    @property
    def answered(self) -> bool:
        """Whether an intent was chosen, rather than offered or missed."""
        return self.kind in {"answer", "handoff", "smalltalk"}


def decide(matches: Sequence[Match], rule: DecisionRule, intents: Mapping[str, Intent]) -> Decision:
    """Answer when the best match is sure enough and well ahead; offer the close ones when one of them may be right."""
    if not matches:
        return Decision("fallback", (), 0.0)
    best = matches[0]
    lead = best.confidence - matches[1].confidence if len(matches) > 1 else 1.0
    if best.confidence >= rule.threshold and lead >= rule.margin:
        return Decision(intents[best.label].kind, (best.label,), best.confidence)
    close = [match.label for match in matches[:MAX_CHOICES] if intents[match.label].kind != "smalltalk"]
    if best.confidence >= rule.clarify and close:
        return Decision("clarify", tuple(close), best.confidence)
    return Decision("fallback", (), best.confidence)
