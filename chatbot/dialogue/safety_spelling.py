"""Mending typos of safety words, and of nothing else.

One edit separates cancer from cancel, stroke from stoke, fever from never. So a word that is English stays as typed,
a word under six letters stays as typed, and only words of the safety wordings are restored. The look-up by shared
deletions is that of SymSpell (Garbe 2012): its cost does not grow with the number of words.
"""

from collections.abc import Iterable, Iterator
from os.path import commonprefix

from rapidfuzz.distance import OSA

SHORTEST_TYPED = 6
SHORTEST_MEANT = 5
TWO_EDITS_FROM = 9


class Mender:
    """Restores safety words that were typed with one edit too many, two in long words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._meant: dict[str, list[str]] = {}
        for word in sorted(word for word in set(words) if len(word) >= SHORTEST_MEANT and word.isalpha()):
            for stump in _stumps(word):
                self._meant.setdefault(stump, []).append(word)

    def mend(self, token: str) -> str:
        """The safety word nearest to `token`, a word that is not English; or `token` itself."""
        if len(token) < SHORTEST_TYPED or not token.isalpha():
            return token
        candidates = {word for stump in _stumps(token) for word in self._meant.get(stump, ())}
        ranked = sorted((OSA.distance(token, word), -_shared_start(token, word), word) for word in candidates)
        return ranked[0][2] if ranked and ranked[0][0] <= _edits(token) else token


def _shared_start(one: str, other: str) -> int:
    """How many first letters are the same: people get the start of a word right."""
    return len(commonprefix((one, other)))


def _edits(word: str) -> int:
    return 2 if len(word) >= TWO_EDITS_FROM else 1


def _stumps(word: str) -> Iterator[str]:
    """`word` and what is left of it after one deletion, or two in a long word."""
    yield word
    once = {word[:i] + word[i + 1 :] for i in range(len(word))}
    yield from once
    if len(word) >= TWO_EDITS_FROM - 1:
        yield from {stump[:i] + stump[i + 1 :] for stump in once for i in range(len(stump))} - once
