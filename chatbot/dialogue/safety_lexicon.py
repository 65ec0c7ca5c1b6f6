"""Reading a message with the wordings of `intents/safety.yaml`: which concepts are said, and which hold."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from chatbot.dialogue.safety_compiled import wordings_recipe
from chatbot.dialogue.safety_context import MARKS, STATUS, Status, Turns, statuses
from chatbot.dialogue.safety_spelling import Mender
from chatbot.dialogue.safety_text import SENTENCE_END, Normaliser, split_tokens
from chatbot.dialogue.safety_wordings import Alphabet, Mention, words_of
from chatbot.knowledge.safety_rules import CONTRAST, LINKING, NEGATIVE, ONESELF, Concept, SafetyRules
from chatbot.language.kept import NO_SHELF, Shelf

IDIOMS, ALARM_WORDS, OTHER_LANGUAGES = "(idioms)", "(alarm words)", "(other languages)"
_FILLERS = "(fillers)"
CANCELLING = Status.NEGATED | Status.PAST | Status.RESOLVED | Status.HYPOTHETICAL | Status.OTHER


@dataclass(frozen=True, slots=True)
class Reading:
    """The concepts of a message: those said at all, those that hold of somebody now, and where a "but" stands."""

    said: Mapping[int, Sequence[Mention]]
    holding: Mapping[int, Sequence[Mention]]
    message: str = ""
    contrasts: Sequence[int] = ()


NOTHING = Reading({}, {})


class Lexicon:
    """All wordings, compiled once, or kept."""

    def __init__(self, rules: SafetyRules, english: Container[str], shelf: Shelf = NO_SHELF) -> None:
        groups = _wordings(rules)
        self.numbers = {name: number for number, name in enumerate(groups)}
        wordings = {self.numbers[name]: group for name, group in groups.items()}
        compiled = shelf.obtain(wordings_recipe(wordings, {**rules.words, _FILLERS: rules.fillers}, rules.same_as))
        self._alphabet = Alphabet(compiled.vocabulary)
        self._finder = compiled.finder
        mender = Mender(partial(_mendable, rules))
        known = frozenset(compiled.vocabulary)
        self._normaliser = Normaliser(known, english, rules.misspellings, rules.same_as, mender)
        self._cues = {self.numbers[_cue_name(name)]: cue for name, cue in rules.cues.items()}
        self._cancelling = {self.numbers[name]: _cancelling(each) for name, each in rules.concepts.items()}
        self._cancelling |= dict.fromkeys((self.numbers[ALARM_WORDS], self.numbers[OTHER_LANGUAGES]), 0)
        self._alarming = {self.numbers[name] for name, each in rules.concepts.items() if each.alarm}
        self._excuses = {self.numbers[name] for name in rules.concepts.keys() - _in_slots(rules)}
        lists = compiled.lists
        self._starters, self._contrasts = lists[NEGATIVE], lists[CONTRAST]
        self._turns = Turns(lists[ONESELF], lists[LINKING])
        self._fillers = lists[_FILLERS]

    def read(self, text: str) -> Reading:
        """The concepts of `text`."""
        message = self._alphabet.encode([*self._normaliser.words(text), SENTENCE_END])
        found = self._finder.find(message)
        concepts = [each for each in found if each.name in self._cancelling]
        if not concepts:
            return NOTHING
        outside = self._outside_idioms(found, concepts)
        marks = self._marks(message, found, outside)
        holding = [each for each in outside if not self._cancelled(each, message, marks)]
        denied = {each for each in concepts if each.name in self._excuses and self._denied(each, message, marks)}
        said = _by_name(each for each in concepts if each not in denied)
        contrasts = [place for place, code in enumerate(message) if code in self._contrasts]
        return Reading(said, _by_name(holding), message, contrasts)

    def alone(self, message: str, start: int, end: int) -> bool:
        """Whether the clause says nothing but the words from `start` to `end` ("please help, stroke!")."""
        first, last = start, end
        while first > 0 and message[first - 1] in self._fillers:
            first -= 1
        while last < len(message) and message[last] in self._fillers:
            last += 1
        return all(code in MARKS for code in message[max(first - 1, 0) : first] + message[last : last + 1])

    def _outside_idioms(self, found: Iterable[Mention], concepts: list[Mention]) -> list[Mention]:
        """Concepts that no idiom silences: "hurt myself on purpose" goes on after "hurt myself on"."""
        idioms = self.numbers[IDIOMS]
        silent = {place: each.end for each in found if each.name == idioms for place in range(each.start, each.end)}
        if not silent:
            return concepts
        return [
            each
            for each in concepts
            if not any(silent.get(place, 0) >= each.end for place in range(each.start, each.end))
        ]

    def _marks(self, message: str, found: Iterable[Mention], concepts: Iterable[Mention]) -> list[int]:
        cues = [(each, self._cues[each.name]) for each in found if each.name in self._cues]
        symptoms = [
            each
            for each in concepts
            if each.end - each.start > 1
            and (each.name in self._alarming or message[each.start] in self._starters)
            and each.name not in self._excuses
        ]
        return statuses(message, cues, symptoms, self._turns)

    def _denied(self, mention: Mention, message: str, marks: Sequence[int]) -> bool:
        """Whether an excuse is denied: "it is not from sitting"."""
        return bool(marks[mention.start] & Status.NEGATED) and message[mention.start] not in self._starters

    def _cancelled(self, mention: Mention, message: str, marks: Sequence[int]) -> bool:
        against = marks[mention.start] & self._cancelling[mention.name]
        if message[mention.start] in self._starters:  # "can't pee" is not denied by another negator before it
            against &= ~Status.NEGATED
        return bool(against)


def _in_slots(rules: SafetyRules) -> set[str]:
    """The concepts that can meet a rule; others only excuse, and a denial in them is still a denial."""
    return {name for rule in rules.rules.values() for slot in rule.slots for name in slot}


def _cancelling(concept: Concept) -> int:
    family = Status.FAMILY if concept.illness else Status.PLAIN
    despite = Status.PLAIN
    for effect in concept.despite:
        despite |= STATUS[effect]
    return int((CANCELLING | family) & ~despite)


def _wordings(rules: SafetyRules) -> dict[str, tuple[str, ...]]:
    groups = {name: concept.wordings for name, concept in rules.concepts.items()}
    groups |= {_cue_name(name): cue.wordings for name, cue in rules.cues.items()}
    groups |= {IDIOMS: rules.idioms + rules.collisions, ALARM_WORDS: rules.alarm_words}
    foreign = (phrase for phrases in rules.emergency_words.values() for phrase in phrases)
    return groups | {OTHER_LANGUAGES: tuple(_as_read(phrase, rules) for phrase in foreign)}


def _as_read(phrase: str, rules: SafetyRules) -> str:
    """A phrase of another language after normalising, which takes some of its short words for slips."""
    return " ".join(rules.misspellings.get(token, token) for token in split_tokens(phrase))


def _cue_name(name: str) -> str:
    return f"(cue) {name}"


def _mendable(rules: SafetyRules) -> tuple[set[str], frozenset[str]]:
    """Words that a typo may be mended to, and those that are alarming; words of idioms are neither."""
    concepts = [(concept.alarm, set(words_of(concept.wordings))) for concept in rules.concepts.values()]
    listed = {word for group in rules.words.values() for word in words_of(group)}
    alarming = {word for alarm, words in concepts if alarm for word in words} | listed
    return alarming.union(rules.misspellings, *(words for _, words in concepts)), frozenset(alarming)


def _by_name(mentions: Iterable[Mention]) -> dict[int, list[Mention]]:
    named: dict[int, list[Mention]] = {}
    for mention in mentions:
        named.setdefault(mention.name, []).append(mention)
    return named
