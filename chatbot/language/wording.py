"""From what a person typed to the knowledge's words, with a note of every change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chatbot.language.spelling import Speller
from chatbot.language.text import normalise

Words = tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """An utterance in the knowledge's words.

    text: what the matcher compares; mended and synonyms: pairs (as typed, as read); concepts: the groups that some
    words belong to, whose names are added to the text.
    """

    text: str
    mended: tuple[tuple[str, str], ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    concepts: tuple[str, ...] = ()


class PhraseTable:
    """Finds listed phrases in a row of words, the longest first, in one pass."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._by_first: dict[str, list[tuple[Words, str]]] = defaultdict(list)
        for phrase, meaning in entries:
            words = tuple(normalise(phrase).split())
            if words:
                self._by_first[words[0]].append((words, meaning))
        for choices in self._by_first.values():
            choices.sort(key=lambda choice: -len(choice[0]))

    def find(self, words: Words, start: int) -> tuple[Words, str] | None:
        """The longest phrase that begins at `start`, and its meaning."""
        for phrase, meaning in self._by_first.get(words[start], ()):
            if words[start : start + len(phrase)] == phrase:
                return phrase, meaning
        return None


class Reader:
    """Reads utterances with a lexicon: respellings, spelling, synonyms, concepts, in that order."""

    def __init__(
        self,
        speller: Speller,
        respellings: Sequence[Sequence[str]] = (),
        synonyms: Sequence[Sequence[str]] = (),
        concepts: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._speller = speller
        self._respellings = PhraseTable((other, group[0]) for group in respellings for other in group[1:])
        self._synonyms = PhraseTable((other, normalise(group[0])) for group in synonyms for other in group)
        self._concepts = PhraseTable((phrase, name) for name, phrases in (concepts or {}).items() for phrase in phrases)

    def read(self, text: str) -> Wording:
        """The utterance in the knowledge's words; any text is allowed."""
        words, heard = _replace(tuple(normalise(text).split()), self._respellings)
        spelt = tuple(self._speller.mend(word) for word in words)
        mended = heard + tuple((old, new) for old, new in zip(words, spelt) if old != new)
        concepts = self._concepts_in(spelt)
        plain, synonyms = _replace(spelt, self._synonyms)
        return Wording(" ".join((*plain, *concepts)), mended, synonyms, concepts)

    def _concepts_in(self, words: Words) -> Words:
        names: dict[str, None] = {}
        place = 0
        while place < len(words):
            found = self._concepts.find(words, place)
            if found:
                names[found[1]] = None
            place += len(found[0]) if found else 1
        return tuple(names)


def _replace(words: Words, table: PhraseTable) -> tuple[Words, tuple[tuple[str, str], ...]]:
    result: list[str] = []
    changes: list[tuple[str, str]] = []
    place = 0
    while place < len(words):
        found = table.find(words, place)
        if found is None:
            result.append(words[place])
            place += 1
            continue
        phrase, meaning = found
        result.extend(normalise(meaning).split())
        place += len(phrase)
        if " ".join(phrase) != meaning:
            changes.append((" ".join(phrase), meaning))
    return tuple(result), tuple(changes)
