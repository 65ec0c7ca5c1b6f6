"""Kernel ridge regression on the phrasings nearest to a text; leaving phrasings out of it is exact."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from chatbot.language.features import Floats

Rows = NDArray[np.intp]

#: How many of the nearest phrasings speak for the intents of a text: docs/matching.md, "Neighbours".
NEIGHBOURS = 200

#: So many texts are compared with all phrasings at a time, which bounds memory.
_ASKED_AT_ONCE = 32

#: Below any cosine.
_LEFT_OUT = -2.0

_NO_ROWS: Rows = np.empty(0, dtype=np.intp)


class LocalRidge:
    """Scores each intent by how much the phrasings that resemble a text speak for it.

    The kernel is the squared cosine: near phrasings count far more than vaguely similar ones, and a text that
    resembles nothing scores zero everywhere, which is what tells the out-of-scope. The regression is solved anew for
    each text, on its nearest phrasings alone (local learning, Bottou & Vapnik 1992): fitting only keeps the vectors,
    and leaving phrasings out is exact. With as many neighbours as phrasings it is plain kernel ridge regression.
    """

    def __init__(self, *, penalty: float = 0.15, neighbours: int = NEIGHBOURS) -> None:
        self.penalty = penalty
        self.neighbours = neighbours

    def fit(self, vectors: Floats, columns: Rows, width: int) -> Self:
        """Keep the vectors (n, d) and the column of each phrasing's intent (n,), of `width` columns."""
        self.vectors_ = vectors
        self.columns_ = columns
        self.width_ = width
        return self

    def scores(self, vectors: Floats) -> Floats:
        """A score for each column, shape (n, width): about 1 for a known phrasing, 0 for a strange text."""
        return self._scores(vectors, [_NO_ROWS] * len(vectors))

    def scores_without_each(self, rows: Rows) -> Floats:
        """The scores that each of the training rows would get from a fit without that row."""
        return self._scores(self.vectors_[rows], list(rows[:, None]))

    def scores_without_all(self, rows: Rows) -> Floats:
        """The scores that the training rows would get from a fit without any of them."""
        return self._scores(self.vectors_[rows], [rows] * len(rows))

    def _scores(self, vectors: Floats, left_out: Sequence[Rows]) -> Floats:
        """The scores of vectors (n, d), each without the rows that are left out for it."""
        scores = np.zeros((len(vectors), self.width_), dtype=np.float32)
        for start in range(0, len(vectors), _ASKED_AT_ONCE):
            asked = slice(start, start + _ASKED_AT_ONCE)
            for cosines, left, into in zip(self._cosines(vectors[asked]), left_out[asked], scores[asked]):
                cosines[left] = _LEFT_OUT
                self._add_scores(cosines, into)
        return scores

    def _cosines(self, vectors: Floats) -> Floats:
        # One text is a matrix times a vector, which BLAS does in a third of the time of two matrices.
        return (self.vectors_ @ vectors[0])[None] if len(vectors) == 1 else vectors @ self.vectors_.T

    def _add_scores(self, cosines: Floats, scores: Floats) -> None:
        """Solve for the nearest phrasings of one text, given its cosines (n,), and add to its scores (width,)."""
        count = min(self.neighbours, len(cosines))
        near = np.argpartition(cosines, -count)[-count:]
        near = near[cosines[near] > _LEFT_OUT]
        vectors = self.vectors_[near]
        kernel = _kernel(vectors @ vectors.T)
        kernel.flat[:: len(near) + 1] += self.penalty
        # The kernel is symmetric: one solution for the text replaces one for each column.
        shares = np.linalg.solve(kernel, _kernel(cosines[near]))
        np.add.at(scores, self.columns_[near], shares)


def _kernel(cosines: Floats) -> Floats:
    np.maximum(cosines, 0, out=cosines)
    return np.square(cosines, out=cosines)
