"""Spelling that mends only what is no word at all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.language.english import load_english
from chatbot.language.kept import Recipe, pack_texts, unpack_texts
from chatbot.language.text import normalise

_SHORTEST = 5
_LONG = 9


class Speller:
    """Mends words that are neither English nor known, towards the knowledge's own words.

    One slip is mended in words from five letters, two from nine (a slip: a letter added, dropped, changed, or two
    neighbours swapped). Words with digits are left alone.
    """

    def __init__(
        self, known: Collection[str], english: Collection[str], keep_apart: Iterable[tuple[str, str]] = ()
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


def known_words_recipe(curated: Sequence[str], typed: Sequence[str]) -> Recipe[frozenset[str]]:
    """How to come by the words to mend towards: all of curated texts, and of typed ones those that are English."""

    def collect() -> frozenset[str]:
        return _words_in(curated) | (_words_in(typed) & load_english())

    return Recipe(
        kind="known_words",
        ingredients=[list(curated), list(typed), len(load_english())],
        fit=collect,
        pack=lambda words: {"words": pack_texts({"known": sorted(words)})},
        unpack=lambda arrays: frozenset(unpack_texts(arrays["words"], "known")[0]),
    )


def _words_in(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in normalise(text).split())
