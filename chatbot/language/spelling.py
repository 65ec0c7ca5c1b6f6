"""Spelling that mends only what is no word at all."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 5
_LONG = 9


class Speller:
    """Mends words that are neither English nor known, towards the knowledge's own words.

    One slip is mended in words from five letters, two from nine (a slip: a letter added, dropped, changed, or two
    neighbours swapped). Words with digits are left alone.
    """

    def __init__(
        self, known: Collection[str], english: Container[str], keep_apart: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._known = frozenset(known)
        self._english = english
        self._apart = frozenset(frozenset(pair) for pair in keep_apart)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if word.isalpha() and len(word) >= _SHORTEST:
                self._by_length[len(word)].append(word)

    def mend(self, word: str) -> str:
        """The known word that was meant, or the word itself."""
        if len(word) < _SHORTEST or not word.isalpha() or word in self._known or word in self._english:
            return word
        slips = 2 if len(word) >= _LONG else 1
        choices = [w for size in range(len(word) - slips, len(word) + slips + 1) for w in self._by_length[size]]
        found = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=slips)
        if found is None or frozenset((word, found[0])) in self._apart:
            return word
        return str(found[0])
