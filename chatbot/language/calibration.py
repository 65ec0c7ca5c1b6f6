"""From evidence to a probability of being right."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from chatbot.language.features import Floats

#: Used where there is too little to learn from: a score of a half is even odds, and lead and likeness help.
_PRIOR_STRENGTH = 2.0


class Calibrator:
    """Logistic regression whose weights are never negative: more evidence cannot lower the confidence.

    Without that constraint correlated kinds of evidence get weights of opposite sign, which holds on the phrasings
    and fails on what patients type (docs/matching.md, "Calibration").
    """

    def fit(self, evidence: Floats, right: NDArray[np.bool_], weights: Floats) -> Self:
        """Learn from evidence (n, kinds), whether each was right (n,), and how much each counts (n,)."""
        # Deferred: scipy.optimize takes half a second at start, which a kept model need not pay.
        from scipy.optimize import minimize

        self.centre_ = evidence.mean(axis=0) if len(evidence) else np.zeros(evidence.shape[1])
        self.scale_ = evidence.std(axis=0) + 1e-6 if len(evidence) else np.ones(evidence.shape[1])
        kinds = evidence.shape[1]
        standard = (evidence - self.centre_) / self.scale_
        result = minimize(
            _loss,
            np.zeros(kinds + 1),
            args=(standard, right.astype(float), weights),
            jac=True,
            method="L-BFGS-B",
            bounds=[(0, None)] * kinds + [(None, None)],
        )
        self.weights_: NDArray[np.float64] = result.x[:-1] / self.scale_
        self.bias_ = float(result.x[-1] - self.centre_ @ self.weights_)
        return self

    @classmethod
    def of(cls, weights: Sequence[float], bias: float) -> Self:
        """A calibrator that was fitted before."""
        calibrator = cls()
        calibrator.weights_ = np.array(weights, dtype=np.float64)
        calibrator.bias_ = bias
        return calibrator

    def confidence(self, evidence: Floats) -> Floats:
        """Probability of being right, shape of evidence without its last axis, between 0 and 1."""
        return np.asarray(_logistic(evidence @ self.weights_ + self.bias_), dtype=np.float32)


def _loss(
    parameters: NDArray[np.float64], evidence: Floats, right: NDArray[np.float64], weights: Floats
) -> tuple[float, NDArray[np.float64]]:
    logits = evidence @ parameters[:-1] + parameters[-1]
    losses = weights * (np.logaddexp(0, logits) - right * logits)
    errors = weights * (_logistic(logits) - right)
    penalty = _PRIOR_STRENGTH / 2 * float(parameters @ parameters)
    gradient = np.append(evidence.T @ errors, errors.sum()) + _PRIOR_STRENGTH * parameters
    return float(losses.sum()) + penalty, gradient


def _logistic(logits: NDArray[Any]) -> NDArray[Any]:
    """1 / (1 + exp(-logits)), in the form that cannot overflow."""
    return np.asarray(0.5 + 0.5 * np.tanh(logits / 2))


def choose_threshold(confidences: Floats, right: NDArray[np.bool_], weights: Floats, wrong_rate: float) -> float:
    """The lowest confidence at which answering gives at most `wrong_rate` wrong answers among all messages.

    Shapes (n,) each; the weights say how many messages each stands for.
    """
    order = np.argsort(-confidences, kind="stable")
    wrong = np.cumsum(np.where(right[order], 0.0, weights[order])) / max(float(weights.sum()), 1e-9)
    ranked = confidences[order]
    last_of_equals = np.append(ranked[1:] < ranked[:-1], True)  # equals are answered all or none
    allowed = np.nonzero((wrong <= wrong_rate) & last_of_equals)[0]
    return float(ranked[allowed[-1]]) if len(allowed) else 1.0


def balance(kinds: Sequence[NDArray[np.bool_]], shares: Sequence[float]) -> Floats:
    """Weights (n,) that give each kind of message its share of the whole; kinds are masks (n,)."""
    weights = np.zeros(len(kinds[0]), dtype=np.float32)
    for mask, share in zip(kinds, shares):
        if mask.any():
            weights[mask] = share / mask.sum()
    return weights * len(weights) / max(float(weights.sum()), 1e-9)
