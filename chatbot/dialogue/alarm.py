"""Both safety nets together: the rules first, then the classifier where the rules are silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from chatbot.dialogue.safety import Alert, SafetyGate
from chatbot.dialogue.safety_net import SafetyNet
from chatbot.knowledge.model import Knowledge
from chatbot.language.matcher import Match

#: Harmless messages that the second net may be shown beside its own, so that ordinary questions do not alarm it.
_ORDINARY = 2_500
_WEAK_MATCH = 0.6


@dataclass(frozen=True)
class Verdict:
    """What a message is worth to safety.

    alert: the card to show, which ends the turn. clinic_intent: the handoff that a question for the team gets.
    uneasy: whether alarm remains though no card is shown.
    """

    alert: Alert | None = None
    clinic_intent: str | None = None
    uneasy: bool = False


class Alarm:
    """Reads every message before anything else does; uses nothing that the matcher has learnt."""

    def __init__(self, gate: SafetyGate, net: SafetyNet | None = None) -> None:
        self.rules = gate
        self.net = net

    @classmethod
    def of(cls, knowledge: Knowledge, english: frozenset[str]) -> Self:
        """The alarm for a knowledge base: its rules, and a net fitted on its safety messages."""
        messages = knowledge.safety_messages
        if not messages:
            return cls(SafetyGate(knowledge.safety, english))
        ordinary = [phrasing for intent in knowledge.intents() for phrasing in intent.phrasings]
        ordinary = [*ordinary, *knowledge.out_of_scope]
        ordinary = ordinary[:: max(len(ordinary) // _ORDINARY, 1)]
        texts = [*(message.text for message in messages), *ordinary]
        alarming = [*(message.alarming for message in messages), *([False] * len(ordinary))]
        return cls(SafetyGate(knowledge.safety, english), SafetyNet().fit(texts, alarming))

    def gate(self, text: str) -> Verdict:
        """The verdict on a raw message."""
        found = self.rules.assess(text)
        if found.alert is not None:
            return Verdict(found.alert)
        fear = self.net.alarm(text) if self.net else 0.0
        if self.net and fear >= self.net.alert_:
            return Verdict(self.rules.alert("urgent", "unlisted"))
        uneasy = found.alarm_words or (self.net is not None and fear >= self.net.caution_)
        return Verdict(None, found.clinic_intent, uneasy)

    @staticmethod
    def caution(verdict: Verdict, matches: Sequence[Match]) -> bool:
        """Whether the reply carries the 111/999 line: alarm remains, and the match is weak."""
        return verdict.uneasy and (not matches or matches[0].confidence < _WEAK_MATCH)
