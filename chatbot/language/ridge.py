"""Kernel ridge regression on intents, with exact answers to "what if this phrasing had not been there?"."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from chatbot.language.features import Floats

Rows = NDArray[np.intp]

#: So many rows of the kernel are made at a time: they stay in the processor's cache.
_BLOCK = 256


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


def _upper_kernel(vectors: Floats) -> Floats:
    """The kernel of vectors with each other; what is under the diagonal is not computed and left as it is."""
    kernel = np.empty((len(vectors), len(vectors)), dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):
        rows = slice(start, start + _BLOCK)
        kernel[rows, start:] = _kernel(vectors[rows], vectors[start:])
    return kernel


def _kernel(left: Floats, right: Floats) -> Floats:
    cosines = left @ right.T
    np.maximum(cosines, 0, out=cosines)
    np.square(cosines, out=cosines)
    return cosines
