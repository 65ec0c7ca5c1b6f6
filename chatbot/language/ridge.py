"""Kernel ridge regression on intents, with exact answers to "what if this phrasing had not been there?"."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular

from chatbot.language.features import Floats

_JITTER = 1e-4


class KernelRidge:
    """Scores each intent by how much the phrasings that resemble a text speak for it.

    The kernel is the squared cosine: near phrasings count far more than vaguely similar ones, and a text that
    resembles nothing scores zero everywhere, which is what tells the out-of-scope. More than `landmarks` phrasings
    are approximated by a sample of them (Nyström: Williams & Seeger 2001). Leaving phrasings out needs no second
    fit: the residuals of a linear smoother give it in closed form (Allen 1974, "PRESS").
    """

    def __init__(self, *, penalty: float = 0.5, landmarks: int = 3000, seed: int = 0) -> None:
        self.penalty = penalty
        self.landmarks = landmarks
        self.seed = seed

    def fit(self, vectors: Floats, targets: Floats) -> Self:
        """Learn from vectors (n, d) and targets (n, intents): 1 for the intent of a phrasing, else 0."""
        self.targets_ = targets
        self.points_ = self._choose_landmarks(vectors)
        similarity = _kernel(vectors, self.points_)
        gram = similarity.T @ similarity + self.penalty * _kernel(self.points_, self.points_)
        gram[np.diag_indices_from(gram)] += _JITTER
        root = cholesky(gram, lower=True, overwrite_a=True, check_finite=False)
        self.smoother_ = solve_triangular(root, similarity.T, lower=True, check_finite=False).T
        weighted = self.smoother_.T @ targets
        self.fitted_ = self.smoother_ @ weighted
        self.weights_ = np.asarray(solve_triangular(root, weighted, lower=True, trans=1), dtype=np.float32)
        return self

    def scores(self, vectors: Floats) -> Floats:
        """A score for each intent, shape (n, intents): about 1 for a known phrasing, 0 for a strange text."""
        return np.asarray(_kernel(vectors, self.points_) @ self.weights_)

    def scores_without(self, rows: NDArray[np.intp]) -> Floats:
        """The scores that the training rows would get from a fit without any of them, shape (rows, intents)."""
        smoother = self.smoother_[rows]
        influence = np.eye(len(rows), dtype=np.float32) - smoother @ smoother.T
        residual = np.linalg.solve(influence, self.targets_[rows] - self.fitted_[rows])
        return np.asarray(self.targets_[rows] - residual)

    def scores_without_each(self) -> Floats:
        """The scores that each training row would get from a fit without that row, shape (n, intents)."""
        leverage = np.einsum("ij,ij->i", self.smoother_, self.smoother_)
        return np.asarray(self.targets_ - (self.targets_ - self.fitted_) / (1 - leverage)[:, None])

    def _choose_landmarks(self, vectors: Floats) -> Floats:
        if len(vectors) <= self.landmarks:
            return vectors
        chosen = np.random.default_rng(self.seed).choice(len(vectors), self.landmarks, replace=False)
        return np.ascontiguousarray(vectors[np.sort(chosen)])


def _kernel(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.square(np.maximum(left @ right.T, 0)))
