"""Rules over the concepts of a message: all of them, near to each other, and nothing that excuses them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatbot.dialogue.safety_lexicon import Lexicon, Reading
from chatbot.dialogue.safety_wordings import Mention
from chatbot.knowledge.safety_rules import Rule

EXCUSE_REACH = 8  # words; an excuse ("after the ice bath") counts when it stands this near to the symptom


@dataclass(frozen=True, slots=True)
class Span:
    """The words that met a rule."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its concepts as numbers."""

    rule: Rule
    slots: tuple[frozenset[int], ...]
    unless: frozenset[int]

    @classmethod
    def of(cls, rule: Rule, numbers: Mapping[str, int]) -> "CompiledRule":
        """Look up the numbers of the concepts that `rule` names."""
        slots = tuple(frozenset(numbers[name] for name in slot) for slot in rule.slots)
        return cls(rule, slots, frozenset(numbers[name] for name in rule.unless))

    def met(self, reading: Reading, lexicon: Lexicon) -> bool:
        """Whether the concepts that hold meet the rule and no concept said near them excuses it."""
        if not all(any(name in reading.holding for name in slot) for slot in self.slots):
            return False
        excused = _near((each for name in self.unless for each in reading.said.get(name, ())), reading.contrasts)
        return any(
            span.start not in excused and span.end - 1 not in excused
            for span in self._spans(reading.holding)
            if not self.rule.alone or lexicon.alone(reading.message, span.start, span.end)
        )

    def _spans(self, holding: Mapping[int, Iterable[Mention]]) -> Iterator[Span]:
        """Each place where all slots are filled within reach; the latest mention fills a slot."""
        reach = float("inf") if self.rule.within == "message" else self.rule.within
        fillings = [
            (each, place) for place, slot in enumerate(self.slots) for name in slot for each in holding.get(name, ())
        ]
        latest: dict[int, Mention] = {}
        for mention, place in sorted(fillings, key=lambda filling: filling[0].start):
            latest[place] = mention
            if len(latest) == len(self.slots):
                first = min(latest.values(), key=lambda each: each.end)
                if mention.start - first.end <= reach:
                    yield Span(min(each.start for each in latest.values()), max(each.end for each in latest.values()))


def _near(excuses: Iterable[Mention], contrasts: Sequence[int]) -> set[int]:
    """The places near an excuse, but not those after a "but": "probably a flare but it is red hot"."""
    near: set[int] = set()
    for excuse in excuses:
        after = next((place for place in contrasts if place >= excuse.end), excuse.end + EXCUSE_REACH)
        near.update(range(excuse.start - EXCUSE_REACH, min(after, excuse.end + EXCUSE_REACH)))
    return near
