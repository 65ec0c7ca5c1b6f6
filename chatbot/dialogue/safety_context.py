"""What the words around a concept do to it: denied, past, of others, only asked about, or happening now.

The ideas are those of NegEx (Chapman et al. 2001) and ConText (Harkema et al. 2009): a cue covers a few
words before or after it and stops at the end of the clause. Two corrections come from the safety policy. A
negator that is part of a symptom ("no feeling", "can't pee") is used up by it and denies nothing. And a
present cue in the clause undoes past and hypothetical ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag

from chatbot.dialogue.safety_text import SENTENCE_END
from chatbot.dialogue.safety_wordings import Mention
from chatbot.knowledge.safety_rules import Cue


class Status(IntFlag):
    """What holds for the word at a place in the message."""

    PLAIN = 0
    NEGATED = 1
    PAST = 2
    RESOLVED = 4
    FAMILY = 8
    HYPOTHETICAL = 16
    OTHER = 32
    PRESENT = 64


STATUS = {status.name.lower(): status for status in Status if status.name}
MARKS = ",."
UNDONE_BY_PRESENT = Status.PAST | Status.FAMILY | Status.HYPOTHETICAL | Status.RESOLVED


@dataclass(frozen=True, slots=True)
class Turns:
    """Where a sentence turns to oneself: "my" or "I", unless it follows a word like "in" or "if"."""

    oneself: frozenset[str]
    linking: frozenset[str]

    def of(self, message: str) -> set[int]:
        """The places of such words."""
        return {
            place
            for place, code in enumerate(message)
            if code in self.oneself and place and message[place - 1] not in self.linking
        }


def statuses(message: str, cues: Iterable[tuple[Mention, Cue]], used_up: Iterable[Mention], turns: Turns) -> list[int]:
    """The status of each word, given the cues found and the symptoms whose words are theirs alone."""
    kept = _kept(cues, _places(used_up))
    edges = {place for place, code in enumerate(message) if code in MARKS}
    edges |= {mention.start for mention, cue in kept if cue.effect == "ends"}
    ahead = edges | (turns.of(message) - _places(mention for mention, _ in kept))
    marks = [0] * len(message)
    stops = {place for place in edges if message[place] == SENTENCE_END}
    for mention, cue in kept:
        if cue.effect in STATUS:
            _mark(marks, *((stops, stops) if cue.across else (edges, ahead)), mention, cue)
    return [_settled(mark) for mark in marks]


def _kept(cues: Iterable[tuple[Mention, Cue]], taken: set[int]) -> list[tuple[Mention, Cue]]:
    """Cues that do not lie within a longer one, and denials that no symptom has used up."""
    kept: list[tuple[Mention, Cue]] = []
    covered: set[int] = set()
    for mention, cue in sorted(cues, key=lambda pair: pair[0].start - pair[0].end):
        places = set(range(mention.start, mention.end))
        if not places <= covered and not (cue.effect == "negated" and places <= taken):
            covered |= places
            kept.append((mention, cue))
    return kept


def _places(mentions: Iterable[Mention]) -> set[int]:
    return {place for mention in mentions for place in range(mention.start, mention.end)}


def _mark(marks: list[int], edges: set[int], ahead: set[int], mention: Mention, cue: Cue) -> None:
    status = int(STATUS[cue.effect])
    opens = mention.start == 0 or mention.start - 1 in edges
    after = max(cue.after, cue.opening) if opens else cue.after
    inside = mention.start + (cue.effect == "negated")  # "can't" may start a symptom; "never had" denies "had a fit"
    for place in range(inside, mention.end):  # "is numbness a sign of": the concept stands inside the cue
        marks[place] |= status
    _mark_until_edge(marks, ahead, range(mention.end, min(len(marks), mention.end + after)), status)
    _mark_until_edge(marks, edges, range(mention.start - 1, max(-1, mention.start - 1 - cue.before), -1), status)


def _mark_until_edge(marks: list[int], edges: set[int], places: range, status: int) -> None:
    for place in places:
        if place in edges:
            return
        marks[place] |= status


def _settled(mark: int) -> int:
    return mark & ~int(UNDONE_BY_PRESENT) if mark & Status.PRESENT else mark
