"""Kernel ridge regression on intents, with exact answers to "what if this phrasing had not been there?"."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from chatbot.language.features import Floats

Rows = NDArray[np.intp]

#: So many rows of the kernel are made at a time: they stay in the processor's cache.
_BLOCK = 256

#: So many texts are compared with all phrasings at a time, which bounds memory.
_ASKED_AT_ONCE = 32

#: Below any cosine.
_LEFT_OUT = -2.0

_NO_ROWS: Rows = np.empty(0, dtype=np.intp)


#: Up to so many texts the ridge is exact; beyond, time (the cube) and memory (the square) call for the local one.
EXACT_UP_TO = 16_000

#: How many of the nearest phrasings the local ridge learns from, for each text anew.
NEIGHBOURS = 400


class KernelRidge:
    """Scores each intent by how much the phrasings that resemble a text speak for it.

    The kernel is the squared cosine: near phrasings count far more than vaguely similar ones, and a text that
    resembles nothing scores zero everywhere, which is what tells the out-of-scope. Leaving phrasings out needs no
    second fit: the residuals of a linear smoother give it in closed form (Allen 1974, "PRESS").
    """

    def __init__(self, *, penalty: float = 0.15) -> None:
        self.penalty = penalty

    def fit(self, vectors: Floats, targets: Floats) -> Self:
        """Learn from vectors (n, d) and targets (n, columns): 1 in the column of a phrasing's intent, else 0."""
        # Deferred: scipy.linalg takes a third of a second at start, which a kept model need not pay.
        from scipy.linalg import cho_factor, cho_solve

        self.vectors_ = vectors
        self.targets_ = targets
        kernel = _upper_kernel(vectors)
        kernel[np.diag_indices_from(kernel)] += self.penalty
        # The transpose of a symmetric matrix is in the order that LAPACK can overwrite.
        self.root_, _ = cho_factor(kernel.T, lower=True, overwrite_a=True, check_finite=False)
        self.weights_ = np.ascontiguousarray(cho_solve((self.root_, True), targets, check_finite=False))
        return self

    def scores(self, vectors: Floats) -> Floats:
        """A score for each column, shape (n, columns): about 1 for a known phrasing, 0 for a strange text."""
        return np.asarray(_kernel(vectors, self.vectors_) @ self.weights_)

    def scores_without_each(self, rows: Rows) -> Floats:
        """The scores that each of the training rows would get from a fit without that row."""
        influence = np.square(self._inverse_root(rows)).sum(axis=0)
        return np.asarray(self.targets_[rows] - self.weights_[rows] / influence[:, None])

    def scores_without_all(self, rows: Rows) -> Floats:
        """The scores that the training rows would get from a fit without any of them."""
        root = self._inverse_root(rows)
        return np.asarray(self.targets_[rows] - np.linalg.solve(root.T @ root, self.weights_[rows]))

    def forget_rows(self) -> Self:
        """Free what only leaving out needs: an array of (n, n), and the targets."""
        del self.root_, self.targets_
        return self

    def _inverse_root(self, rows: Rows) -> Floats:
        """Columns of the inverse Cholesky factor, shape (n, rows)."""
        from scipy.linalg import solve_triangular  # deferred as above

        chosen = np.zeros((len(self.vectors_), len(rows)), dtype=np.float32, order="F")
        chosen[rows, np.arange(len(rows))] = 1
        return np.asarray(solve_triangular(self.root_, chosen, lower=True, overwrite_b=True, check_finite=False))


class LocalRidge:
    """Kernel ridge regression on the nearest phrasings only, solved for each text when it is asked.

    For more texts than `KernelRidge` can hold: fitting only keeps the vectors, and leaving phrasings out is exact.
    With as many neighbours as there are phrasings the scores are those of `KernelRidge`.
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
        """As `KernelRidge.scores`."""
        return self._scores(vectors, [_NO_ROWS] * len(vectors))

    def scores_without_each(self, rows: Rows) -> Floats:
        """As `KernelRidge.scores_without_each`."""
        return self._scores(self.vectors_[rows], list(rows[:, None]))

    def scores_without_all(self, rows: Rows) -> Floats:
        """As `KernelRidge.scores_without_all`."""
        return self._scores(self.vectors_[rows], [rows] * len(rows))

    def forget_rows(self) -> Self:
        """Nothing is kept that only leaving out needs."""
        return self

    def _scores(self, vectors: Floats, left_out: Sequence[Rows]) -> Floats:
        """The scores of vectors (n, d), each without the rows that are left out for it."""
        scores = np.zeros((len(vectors), self.width_), dtype=np.float32)
        for start in range(0, len(vectors), _ASKED_AT_ONCE):
            asked = slice(start, start + _ASKED_AT_ONCE)
            cosines = vectors[asked] @ self.vectors_.T
            for line, left, into in zip(cosines, left_out[asked], scores[asked]):
                line[left] = _LEFT_OUT
                self._add_scores(line, into)
        return scores

    def _add_scores(self, cosines: Floats, scores: Floats) -> None:
        """Solve for the nearest phrasings of one text, given its cosines (n,), and add to its scores (columns,)."""
        count = min(self.neighbours, len(cosines))
        near = np.argpartition(-cosines, count - 1)[:count]
        near = near[cosines[near] > _LEFT_OUT]
        kernel = _kernel(self.vectors_[near], self.vectors_[near])
        kernel[np.diag_indices_from(kernel)] += self.penalty
        # The kernel is symmetric: one solution for the text replaces one for each column.
        shares = np.linalg.solve(kernel, np.square(np.maximum(cosines[near], 0)))
        np.add.at(scores, self.columns_[near], shares)


Ridge = KernelRidge | LocalRidge


def _upper_kernel(vectors: Floats) -> Floats:
    """The kernel of vectors with each other; what is under the diagonal is not computed and left as it is."""
    kernel = np.empty((len(vectors), len(vectors)), dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):
        rows = slice(start, start + _BLOCK)
        kernel[rows, start:] = _kernel(vectors[rows], vectors[start:])
    return kernel


def _kernel(left: Floats, right: Floats) -> Floats:
    # One text is a matrix times a vector, which BLAS does in a third of the time of two matrices.
    cosines = (right @ left[0])[None] if len(left) == 1 else left @ right.T
    np.maximum(cosines, 0, out=cosines)
    np.square(cosines, out=cosines)
    return cosines
