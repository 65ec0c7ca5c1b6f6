"""Mending typos of safety words, and of nothing else.

One edit separates cancer from cancel, stroke from stoke, fever from never. So a word that is English stays
as typed, a word under six letters stays as typed, and only words of the safety wordings are restored. The
look-up by shared deletions is that of SymSpell (Garbe 2012): its cost does not grow with the number of
words.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from rapidfuzz.distance import OSA

SHORTEST_TYPED = 6
SHORTEST_MEANT = 5
TWO_EDITS_FROM = 8


class Mender:
    """Restores safety words typed with one edit too many, two in long words; alarming words come first."""

    def __init__(self, mendable: Callable[[], tuple[Iterable[str], frozenset[str]]]) -> None:
        """`mendable` gives the words and the alarming ones; asked at the first typo: a start need not wait for it."""
        self._mendable = mendable

    @cached_property
    def _words(self) -> list[str]:
        return sorted(word for word in set(self._mendable()[0]) if len(word) >= SHORTEST_MEANT and word.isalpha())

    @cached_property
    def _alarming(self) -> frozenset[str]:
        return self._mendable()[1]

    @cached_property
    def _longest_typed(self) -> int:
        return max(map(len, self._words), default=0) + 2

    @cached_property
    def _meant(self) -> dict[str, list[str]]:
        """The words that leave each stump."""
        meant: dict[str, list[str]] = {}
        for word in self._words:
            for stump in _stumps(word):
                meant.setdefault(stump, []).append(word)
        return meant

    def mend(self, token: str) -> str:
        """The safety word nearest to `token`, a word that is not English; or `token` itself."""
        if not SHORTEST_TYPED <= len(token) <= self._longest_typed or not token.isalpha():
            return token  # a longer token is two edits from no word, and its deletions would be without number
        edits = 2 if len(token) >= TWO_EDITS_FROM else 1
        candidates = {word for stump in _stumps(token) for word in self._meant.get(stump, ())}
        near = [(distance, word) for word in candidates if (distance := OSA.distance(token, word)) <= edits]
        return min(near, key=lambda pair: (pair[0], *self._unlikeliness(token, pair[1])))[1] if near else token

    def _unlikeliness(self, token: str, word: str) -> tuple[bool, int, int, str]:
        return word not in self._alarming, _slip(token, word), -_same_start(token, word), word


def _same_start(token: str, word: str) -> int:
    """How many first letters agree: people get the start of a word right."""
    return next((i for i, (one, other) in enumerate(zip(token, word)) if one != other), len(word))


def _slip(token: str, word: str) -> int:
    """How unusual the slip is: letters swapped, a letter missed, one too many, a wrong one."""
    if len(token) == len(word):
        return 0 if sorted(token) == sorted(word) else 3
    return 1 if len(token) < len(word) else 2


def _stumps(word: str) -> Iterator[str]:
    """`word` and what is left of it after one deletion, or two in a long word."""
    yield word
    once = {word[:i] + word[i + 1 :] for i in range(len(word))}
    yield from once
    if len(word) >= TWO_EDITS_FROM - 1:
        yield from {stump[:i] + stump[i + 1 :] for stump in once for i in range(len(stump))} - once
