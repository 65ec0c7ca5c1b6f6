"""The safety gate: reads every message before anything else does and says whether it is alarming.

    text -> words -> concepts -> those that hold -> rules -> alert

Wordings, cues and rules are data (`intents/safety.yaml`); nothing is fitted, so that no edit of an intent
and no fault in the matcher can silence it. Sources of the ideas: NegEx (Chapman et al. 2001), ConText
(Harkema et al. 2009).
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from chatbot.dialogue.safety_combine import CompiledRule
from chatbot.dialogue.safety_lexicon import ALARM_WORDS, OTHER_LANGUAGES, Lexicon, Reading
from chatbot.knowledge.safety_rules import TIERS, Card, Finding, Rule, SafetyRules, TierName
from chatbot.language.kept import NO_SHELF, Shelf

LONGEST_READ = 10_000  # characters; the surfaces refuse a longer message, and the refusal carries the 111/999 line
IN_ANOTHER_LANGUAGE = Rule(
    about="an emergency word in another language",
    tier="emergency",
    category="generic_emergency",
    all=(OTHER_LANGUAGES,),
)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alarming message: how serious, of which kind, what the rule saw, and what to show."""

    tier: TierName
    category: str
    concepts: tuple[str, ...]
    card: Card
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that the gate says of one message.

    alarm_words: whether it has alarming words though no rule is met. cleared: whether it has alarming symptoms, and
    each of them is denied, past, or only asked about.
    """

    alert: Alert | None = None
    clinic_intent: str | None = None
    alarm_words: bool = False
    cleared: bool = False


class SafetyGate:
    """Applies the safety rules to messages. `english` are the words that mending must leave alone."""

    def __init__(self, rules: SafetyRules, english: Container[str] = frozenset(), shelf: Shelf = NO_SHELF) -> None:
        self._rules = rules
        self._lexicon = Lexicon(rules, english, shelf)
        self._compiled = self._compile([*rules.rules.values(), IN_ANOTHER_LANGUAGE])
        self._cards = {name: _filled(rules, card) for name, card in rules.cards.items()}
        numbers = self._lexicon.numbers
        self._alarming = frozenset(numbers[name] for name, concept in rules.concepts.items() if concept.alarm)
        self._worrying = self._alarming | {numbers[ALARM_WORDS], numbers[OTHER_LANGUAGES]}

    def gate(self, text: str) -> Alert | None:
        """The alert that ends the turn, if the message is alarming."""
        return self.assess(text).alert

    def clinic_tier(self, text: str) -> bool:
        """Whether the team must answer: blood thinners, pregnancy, under 18, lasting side effects."""
        return self.assess(text).clinic_intent is not None

    def alarm_words(self, text: str) -> bool:
        """Whether alarm words are present though no rule is met, for the caution line of a weak answer."""
        return self.assess(text).alarm_words

    def assess(self, text: str) -> Assessment:
        """Alert, clinic tier and alarm words of a message, in one reading."""
        reading = self._lexicon.read(text[:LONGEST_READ])
        rules = self._met(reading)
        alarming = [rule for rule in rules if rule.tier != "clinic"]
        return Assessment(
            alert=self._alert(alarming, reading) if alarming else None,
            clinic_intent=next((rule.intent for rule in rules if rule.tier == "clinic"), None),
            alarm_words=not alarming and not self._worrying.isdisjoint(reading.said),
            cleared=self._alarming.isdisjoint(reading.holding) and not self._alarming.isdisjoint(reading.said),
        )

    def alert(self, tier: TierName, category: str) -> Alert:
        """An alert with the card of a tier, for a message that no rule describes."""
        return Alert(tier, category, (), self._cards[self._rules.tiers[tier].card or ""])

    def _compile(self, rules: Iterable[Rule]) -> dict[int, list[tuple[int, CompiledRule]]]:
        """Rules in the order of the file, each under the concepts that can fill its first slot."""
        compiled: dict[int, list[tuple[int, CompiledRule]]] = {}
        for order, rule in enumerate(rules):
            each = CompiledRule.of(rule, self._lexicon.numbers)
            for name in each.slots[0]:
                compiled.setdefault(name, []).append((order, each))
        return compiled

    def _met(self, reading: Reading) -> list[Rule]:
        """The rules met, the most serious first."""
        candidates = {order: rule for name in reading.holding for order, rule in self._compiled.get(name, ())}
        met = [candidates[order].rule for order in sorted(candidates) if candidates[order].met(reading, self._lexicon)]
        return sorted(met, key=lambda rule: TIERS.index(rule.tier))

    def _alert(self, rules: list[Rule], reading: Reading) -> Alert:
        first = rules[0]
        lower = next((self._rules.tiers[rule.tier].also for rule in rules if rule.tier != first.tier), None)
        card = self._cards[first.card or self._rules.tiers[first.tier].card or ""]
        also = (self._rules.fill(lower),) if lower else ()
        return Alert(first.tier, first.category, self._seen(rules, reading), card, also)

    def _seen(self, rules: list[Rule], reading: Reading) -> tuple[str, ...]:
        """The concepts with which rules of the highest tier were met."""
        named = (name for rule in rules if rule.tier == rules[0].tier for slot in rule.slots for name in slot)
        numbers = self._lexicon.numbers
        return tuple(dict.fromkeys(name for name in named if numbers[name] in reading.holding))


def unfound_examples(rules: SafetyRules) -> list[Finding]:
    """Concepts that are not found in their own example, each with its YAML path."""
    lexicon = Lexicon(rules, frozenset())
    return [
        (("concepts", name, "example"), f"the concept is not found in its example {concept.example!r}")
        for name, concept in rules.concepts.items()
        if lexicon.numbers[name] not in lexicon.read(concept.example).said
    ]


def _filled(rules: SafetyRules, card: Card) -> Card:
    """The card with its numbers filled in."""
    lines = tuple(rules.fill(line) for line in card.lines)
    return card.model_copy(update={"heading": rules.fill(card.heading), "lines": lines})
