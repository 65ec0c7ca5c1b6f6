"""The second net: a small classifier that catches alarming messages for which no rule was written.

It shares nothing with the rules and nothing with the matcher: its own words, pairs of words and word embeddings,
fitted on its own messages. It reads a message window by window, so that an alarm in a long message is not diluted.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from chatbot.language.calibration import Calibrator
from chatbot.language.embeddings import DIMENSIONS, load_embeddings
from chatbot.language.kept import Arrays, Recipe, embeddings_mark, pack_texts, shaped, unpack_texts
from chatbot.language.text import normalise

_WINDOW = 16
_STEP = 8
_MOST_WINDOWS = 300
_MOST_GRAMS = 2_000
_MEANING_SHARE = 3.0
_PENALTY = 3.0

Floats = NDArray[np.float32]


class SafetyNet:
    """The probability that a message is alarming, and from where it is high enough to act on.

    Ridge regression on the words and pairs of words that tell most, and on the mean word embedding. Leaving each
    message out in closed form gives the calibration, and the two limits: `alert_`, which at most `false_alarms` of the
    harmless messages reach, and `caution_`, which at most `cautions` of them reach.
    """

    def __init__(self, *, false_alarms: float = 0.002, cautions: float = 0.03) -> None:
        self.false_alarms = false_alarms
        self.cautions = cautions

    def fit(self, texts: Sequence[str], alarming: Sequence[bool]) -> Self:
        """Learn from messages (n,) and whether each is alarming (n,)."""
        # Deferred: scipy.linalg takes a third of a second at start, which a kept net need not pay.
        from scipy.linalg import cho_factor, cho_solve

        grams = [_grams(normalise(text).split()) for text in texts]
        labels = np.asarray(alarming, dtype=bool)
        self._columns = _telling(grams, labels)
        features = self._features(grams, [normalise(text) for text in texts])
        targets = labels.astype(np.float32)
        weight = np.where(labels, 1 / max(labels.sum(), 1), 1 / max((~labels).sum(), 1)) * len(labels) / 2
        rooted = features * np.sqrt(weight)[:, None].astype(np.float32)
        gram = rooted.T @ rooted
        gram[np.diag_indices_from(gram)] += _PENALTY
        factor = cho_factor(gram)
        self._weights: Floats = cho_solve(factor, rooted.T @ (targets * np.sqrt(weight).astype(np.float32)))
        leverage = np.einsum("ij,ji->i", rooted, cho_solve(factor, rooted.T))
        unseen = targets - (targets - features @ self._weights) / np.maximum(1 - leverage, 1e-3)
        self._calibrator = Calibrator().fit(unseen[:, None], labels, weight.astype(np.float32))
        harmless = self._calibrator.confidence(unseen[~labels, None])
        self.alert_ = float(np.quantile(harmless, 1 - self.false_alarms))
        self.caution_ = float(np.quantile(harmless, 1 - self.cautions))
        return self

    def alarm(self, text: str) -> float:
        """How alarming the most alarming stretch of the message is, between 0 and 1."""
        words = normalise(text).split()
        if not words:
            return 0.0
        starts = range(0, max(len(words) - _STEP, 1), _STEP)
        windows = [words[start : start + _WINDOW] for start in starts][:_MOST_WINDOWS]
        scores = _meanings([" ".join(window) for window in windows]) @ self._weights[-DIMENSIONS:]
        for row, window in enumerate(windows):
            numbers = [self._columns[gram] for gram in _grams(window) if gram in self._columns]
            scores[row] += self._weights[numbers].sum() + self._weights[len(self._columns)]
        return float(self._calibrator.confidence(scores.max(keepdims=True)[None])[0])

    def pack(self) -> Arrays:
        """What the net has learnt, as plain arrays."""
        numbers = [*self._calibrator.weights_, self._calibrator.bias_, self.alert_, self.caution_]
        return {
            "names": pack_texts({"columns": tuple(self._columns)}),
            "weights": self._weights,
            "numbers": np.array(numbers, dtype=np.float64),
        }

    @classmethod
    def unpack(cls, arrays: Arrays) -> Self:
        """The net, with default parameters, that these arrays were made of.

        Raises:
            ValueError: an array has the wrong type, shape or values.
            KeyError: an array is missing.
        """
        net = cls()
        (columns,) = unpack_texts(arrays["names"], "columns")
        net._columns = {gram: number for number, gram in enumerate(columns)}
        net._weights = shaped(arrays, "weights", np.float32, len(columns) + 1 + DIMENSIONS)
        weight, bias, net.alert_, net.caution_ = shaped(arrays, "numbers", np.float64, 4).tolist()
        net._calibrator = Calibrator.of([weight], bias)
        return net

    def _features(self, grams: Sequence[set[str]], plain: Sequence[str]) -> Floats:
        """Which telling n-grams occur, a constant, and the meaning; shape (n, columns)."""
        features = np.zeros((len(grams), len(self._columns) + 1 + DIMENSIONS), dtype=np.float32)
        for row, each in enumerate(grams):
            features[row, [self._columns[gram] for gram in each if gram in self._columns]] = 1
        features[:, len(self._columns)] = 1
        features[:, -DIMENSIONS:] = _meanings(plain)
        return features


def net_recipe(texts: Sequence[str], alarming: Sequence[bool]) -> Recipe[SafetyNet]:
    """How to come by a net with default parameters: arguments as in `SafetyNet.fit`."""
    return Recipe(
        kind="safety_net",
        ingredients=[vars(SafetyNet()), embeddings_mark(), list(texts), list(alarming)],
        fit=lambda: SafetyNet().fit(texts, alarming),
        pack=SafetyNet.pack,
        unpack=SafetyNet.unpack,
    )


def _grams(words: Sequence[str]) -> set[str]:
    return {*words, *map(" ".join, pairwise(words))}


def _telling(grams: Sequence[set[str]], alarming: NDArray[np.bool_]) -> dict[str, int]:
    """The n-grams that separate best, by log odds times the root of how often they occur."""
    alarmed = Counter(gram for each, label in zip(grams, alarming) if label for gram in each)
    total = Counter(gram for each in grams for gram in each)
    share = float(alarming.mean())

    def tells(gram: str) -> float:
        odds = (alarmed[gram] + share) / (total[gram] - alarmed[gram] + 1 - share)
        return abs(float(np.log(odds * (1 - share) / share))) * math.sqrt(total[gram])

    often = [gram for gram in sorted(total) if total[gram] > 1]
    best = sorted(often, key=tells, reverse=True)[:_MOST_GRAMS]
    return {gram: number for number, gram in enumerate(best)}


def _meanings(texts: Sequence[str]) -> Floats:
    """Mean word embeddings of a fixed length, shape (n, 256)."""
    embeddings = load_embeddings()
    means = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, pieces in enumerate(embeddings.pieces(texts)):
        if len(pieces):
            total = embeddings.table[pieces].sum(axis=0, dtype=np.float32)
            means[row] = total * (_MEANING_SHARE / max(float(np.linalg.norm(total)), 1e-9))
    return means
