"""Both safety nets together: the rules first, then the classifier where the rules are silent."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Self

from chatbot.dialogue.safety import LONGEST_READ, Alert, SafetyGate
from chatbot.dialogue.safety_net import SafetyNet, net_recipe
from chatbot.knowledge.model import Knowledge
from chatbot.knowledge.safety_rules import TIERS
from chatbot.language.kept import NO_SHELF, Shelf
from chatbot.language.matcher import Match

_WEAK_MATCH = 0.6

#: Stretches of a long message share so many characters, so that no sentence is cut in both.
_OVERLAP = 500
_MOST_STRETCHES = 20


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
    def of(
        cls,
        knowledge: Knowledge,
        english: Container[str],
        shelf: Shelf = NO_SHELF,
        rules: SafetyGate | None = None,
    ) -> Self:
        """The alarm for a knowledge base: its rules, and a net fitted on its safety messages unless it was kept.

        `rules` is the gate, where it was compiled before.
        """
        rules = rules or SafetyGate(knowledge.safety, english, shelf)
        messages = [each for each in knowledge.safety_messages if not each.ordinary]
        if not messages:
            return cls(rules)
        ordinary = [each.text for each in knowledge.safety_messages if each.ordinary]
        recipe = net_recipe([each.text for each in messages], [each.tier for each in messages], ordinary)
        return cls(rules, shelf.obtain(recipe))

    def gate(self, text: str) -> Verdict:
        """The verdict on a raw message; a very long one is read in stretches, and the worst of them counts."""
        stretches = [text[start : start + LONGEST_READ] for start in range(0, len(text), LONGEST_READ - _OVERLAP)]
        verdicts = [self._read(stretch) for stretch in stretches[:_MOST_STRETCHES] or [""]]
        alarmed = [verdict for verdict in verdicts if verdict.alert]
        if alarmed:
            return min(alarmed, key=lambda verdict: TIERS.index(verdict.alert.tier) if verdict.alert else len(TIERS))
        team = next((verdict.clinic_intent for verdict in verdicts if verdict.clinic_intent), None)
        return Verdict(None, team, any(verdict.uneasy for verdict in verdicts))

    def _read(self, text: str) -> Verdict:
        found = self.rules.assess(text)
        if found.alert is not None and found.alert.tier != "urgent":
            return Verdict(found.alert)
        if self.net is None:
            return Verdict(found.alert, found.clinic_intent, found.alarm_words)
        fear = self.net.fear(text)
        if found.alert is not None:
            graver = fear.tier != "urgent" and fear.alarm >= self.net.sure_
            return Verdict(self.rules.alert(fear.tier, "unlisted") if graver else found.alert)
        # A message without any alarming word, or with denied and past symptoms only, has to frighten the net more.
        suspect = found.alarm_words and not found.cleared
        if fear.alarm >= (self.net.alert_ if suspect else self.net.sure_):
            return Verdict(self.rules.alert(fear.tier, "unlisted"))
        return Verdict(None, found.clinic_intent, found.alarm_words or fear.alarm >= self.net.caution_)

    @staticmethod
    def caution(verdict: Verdict, matches: Sequence[Match]) -> bool:
        """Whether the reply carries the 111/999 line: alarm remains, and the match is weak."""
        return verdict.uneasy and (not matches or matches[0].confidence < _WEAK_MATCH)
