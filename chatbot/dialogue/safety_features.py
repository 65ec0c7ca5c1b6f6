"""What the second safety net sees of a message: words, pairs of words, groups of letters, and meaning.

Words, pairs and letters are hashed into a fixed number of columns, so that a word spelt wrongly still shares most of
its letters with the right one, and nothing has to be kept but how rare each column is.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, ClassVar, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from chatbot.language.embeddings import load_embeddings
from chatbot.language.text import normalise

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]

_WINDOW = 16
_STEP = 8
_MOST_WINDOWS = 300
_LETTERS = (3, 4, 5)
_BLOCKS = 2  # of columns: words with pairs, and letters
_BUCKETS = 2**17
_MEANING_SHARE = 0.5
_DIMENSIONS = 64  # WordLlama is trained so that the first of its dimensions make an embedding of their own


class Features:
    """Turns stretches of words into rows of numbers: hashed columns weighted by `rarity`, then the meaning."""

    BUCKETS: ClassVar = _BUCKETS
    COLUMNS: ClassVar = _BUCKETS + _DIMENSIONS

    def __init__(self, rarity: Floats) -> None:
        self.rarity = rarity

    @classmethod
    def learn(cls, texts: Sequence[str]) -> tuple[Self, "csr_matrix"]:
        """Features whose rarity is that of the columns in these texts, and the texts' rows, shape (n, COLUMNS)."""
        # Deferred: scipy takes a third of a second at start, which a kept net need not pay.
        from scipy.sparse import csr_matrix, hstack

        plain = [normalise(text) for text in texts]
        blocks = [block for text in plain for block in _blocks(text.split())]
        lengths = np.array([len(block) for block in blocks])
        columns = np.fromiter(chain.from_iterable(blocks), dtype=np.int32, count=lengths.sum())
        often = np.bincount(columns, minlength=_BUCKETS)
        features = cls((np.log((1 + len(texts)) / (1 + often)) + 1).astype(np.float32))
        values = features.rarity[columns]
        squares = np.bincount(np.repeat(np.arange(len(blocks)), lengths), np.square(values), minlength=len(blocks))
        values /= np.repeat(np.sqrt(squares), lengths).astype(np.float32)
        ends = np.append(0, np.cumsum(lengths)[_BLOCKS - 1 :: _BLOCKS])
        hashed = csr_matrix((values, columns, ends), shape=(len(texts), _BUCKETS))
        hashed.sum_duplicates()
        return features, hstack([hashed, csr_matrix(_meanings(plain))], format="csr", dtype=np.float32)

    def scores(self, stretches: Sequence[Sequence[str]], weights: Floats) -> Floats:
        """Stretches of words times weights (COLUMNS, k), without building the matrix; shape (n, k)."""
        scores = _meanings([" ".join(words) for words in stretches]) @ weights[_BUCKETS:]
        for row, words in enumerate(stretches):
            for block in _blocks(words):
                scores[row] += self._weighted(block) @ weights[block]
        return scores

    def _weighted(self, block: list[int]) -> Floats:
        values = self.rarity[block]
        return values / np.sqrt(values @ values) if len(values) else values


def windows(text: str) -> list[list[str]]:
    """The words of a text, in overlapping stretches."""
    words = normalise(text).split()
    starts = range(0, max(len(words) - _STEP, 1), _STEP) if words else ()
    return [words[start : start + _WINDOW] for start in starts][:_MOST_WINDOWS]


def _blocks(words: Sequence[str]) -> tuple[list[int], list[int]]:
    """The columns of words and pairs, and those of letters; each block is worth the same in the end."""
    distinct = set(words)
    pairs = {_column(f"{one} {other}") for one, other in pairwise(words)}
    return [*pairs, *map(_column, distinct)], list({column for word in distinct for column in _letters(word)})


@lru_cache(maxsize=20_000)
def _letters(word: str) -> tuple[int, ...]:
    bounded = f"<{word}>"
    groups = {bounded[start : start + size] for size in _LETTERS for start in range(len(bounded) - size + 1)}
    return tuple(_column(f"-{group}") for group in groups)


def _column(gram: str) -> int:
    return crc32(gram.encode()) % _BUCKETS


def _meanings(texts: Sequence[str]) -> Floats:
    """Mean word embeddings of a fixed length, shape (n, 64)."""
    means = np.zeros((len(texts), _DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        words = [_meaning(word) for word in text.split()]
        if words:
            total = np.add.reduce(words)
            means[row] = total * (_MEANING_SHARE / max(float(np.sqrt(total @ total)), 1e-9))
    return means


@lru_cache(maxsize=10_000)
def _meaning(word: str) -> Floats:
    """The sum of the embeddings of a word's pieces, shape (64,); those of a text are the pieces of its words."""
    embeddings = load_embeddings()
    (pieces,) = embeddings.pieces([word])
    return np.asarray(embeddings.table[pieces, :_DIMENSIONS].sum(axis=0, dtype=np.float32))
