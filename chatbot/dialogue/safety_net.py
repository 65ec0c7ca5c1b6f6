"""The second net: a small classifier that catches alarming messages for which no rule was written.

It shares nothing with the rules and nothing with the matcher: its own words, pairs of words, groups of letters and
word embeddings, fitted on its own messages. It reads a message window by window, so that an alarm in a long message
is not diluted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from chatbot.dialogue.safety_features import Features, Floats, windows
from chatbot.knowledge.safety_rules import TierName
from chatbot.language.calibration import Calibrator
from chatbot.language.kept import Arrays, Recipe, embeddings_mark, shaped

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

CARD_TIERS: tuple[TierName, ...] = ("emergency", "crisis", "urgent")
_PENALTY = 0.3
_FOLDS = 3
#: So much less than the urgent score may the emergency score be, and the emergency card is still shown.
_IN_DOUBT = 0.2
#: Of the share of near-misses that may reach a limit, so much may of ordinary questions; and where no word is alarming.
_ORDINARY_SHARE = 0.1
_SURE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Fear:
    """How alarming a message is, between 0 and 1, and which card would suit it."""

    alarm: float
    tier: TierName


NO_FEAR = Fear(0.0, "urgent")


class SafetyNet:
    """The probability that a message is alarming, and from where it is high enough to act on.

    Ridge regression on whether a message is alarming, and on each tier. Messages that it has not seen
    (cross-validation) give the calibration and the limits, which at most so many near-misses, and a tenth of that
    share of ordinary questions, reach: `caution_` (`cautions` of them), `alert_` (`false_alarms`), and for messages
    without any alarming word `sure_` (less than half of that).
    """

    def __init__(self, *, false_alarms: float = 0.01, cautions: float = 0.06) -> None:
        self.false_alarms = false_alarms
        self.cautions = cautions

    def fit(self, texts: Sequence[str], tiers: Sequence[str], ordinary: Sequence[str] = ()) -> Self:
        """Learn from messages (n,), the tier of each (n,), and ordinary questions, which are harmless.

        Messages of other tiers than those with a card are near-misses.
        """
        labels = np.array([tier if tier in CARD_TIERS else "" for tier in [*tiers, *([""] * len(ordinary))]])
        self._features, rows = Features.learn([*texts, *ordinary])
        alarming = labels != ""
        targets = np.stack([alarming, *(labels == tier for tier in CARD_TIERS)], axis=1)
        self._weights, self._biases = _regress(rows, targets)
        unseen = _unseen(rows, labels)[:, None]
        self._calibrator = Calibrator().fit(unseen, alarming, _balance(alarming))
        self._set_limits(self._calibrator.confidence(unseen), alarming, len(texts))
        return self

    def _set_limits(self, unseen: Floats, alarming: NDArray[np.bool_], messages: int) -> None:
        near_misses, ordinary = unseen[:messages][~alarming[:messages]], unseen[messages:]

        def limit(share: float) -> float:
            groups = ((near_misses, share), (ordinary, share * _ORDINARY_SHARE))
            return max((float(np.quantile(group, 1 - part)) for group, part in groups if len(group)), default=1.0)

        self.caution_ = limit(self.cautions)
        self.alert_ = limit(self.false_alarms)
        self.sure_ = limit(self.false_alarms * _SURE_SHARE)

    def fear(self, text: str) -> Fear:
        """How alarming the most alarming stretch of the message is."""
        stretches = windows(text)
        if not stretches:
            return NO_FEAR
        scores = self._features.scores(stretches, self._weights) + self._biases
        worst = scores[scores[:, 0].argmax()]
        alarm = self._calibrator.confidence(worst[None, :1])[0]
        return Fear(float(alarm), _card(worst[1:]))

    def pack(self) -> Arrays:
        """What the net has learnt, as plain arrays."""
        numbers = [*self._calibrator.weights_, self._calibrator.bias_, self.caution_, self.alert_, self.sure_]
        return {
            "rarity": self._features.rarity,
            "weights": self._weights,
            "biases": self._biases,
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
        net._features = Features(shaped(arrays, "rarity", np.float32, Features.BUCKETS))
        net._weights = shaped(arrays, "weights", np.float32, Features.COLUMNS, 1 + len(CARD_TIERS))
        net._biases = shaped(arrays, "biases", np.float32, 1 + len(CARD_TIERS))
        weight, bias, net.caution_, net.alert_, net.sure_ = shaped(arrays, "numbers", np.float64, 5).tolist()
        net._calibrator = Calibrator.of([weight], bias)
        return net


def net_recipe(texts: Sequence[str], tiers: Sequence[str], ordinary: Sequence[str]) -> Recipe[SafetyNet]:
    """How to come by a net with default parameters: arguments as in `SafetyNet.fit`."""
    return Recipe(
        kind="safety_net",
        ingredients=[vars(SafetyNet()), embeddings_mark(), list(texts), list(tiers), list(ordinary)],
        fit=lambda: SafetyNet().fit(texts, tiers, ordinary),
        pack=SafetyNet.pack,
        unpack=SafetyNet.unpack,
    )


def _card(scores: Floats) -> TierName:
    """The tier with the highest score; in doubt the emergency rather than the urgent card."""
    emergency, crisis, urgent = scores
    if crisis > max(emergency, urgent):
        return "crisis"
    return "emergency" if emergency > urgent - _IN_DOUBT else "urgent"


def _unseen(rows: "csr_matrix", labels: NDArray[np.str_]) -> Floats:
    """The alarm score of each message, from a regression that has not seen it."""
    fold = np.random.default_rng(0).permutation(len(labels)) % _FOLDS
    scores = np.zeros(len(labels), dtype=np.float32)
    for each in range(_FOLDS):
        weights, biases = _regress(rows[fold != each], (labels != "")[fold != each, None])
        scores[fold == each] = (rows[fold == each] @ weights + biases)[:, 0]
    return scores


def _regress(rows: "csr_matrix", targets: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Weights (columns, k) and biases (k,) for targets (n, k), of which the first is whether a message is alarming."""
    # Deferred: scikit-learn takes a second at start, which a kept net need not pay.
    from sklearn.linear_model import Ridge

    ridge = Ridge(alpha=_PENALTY, solver="lsqr", tol=3e-3)
    ridge.fit(rows, targets * 2.0 - 1.0, sample_weight=_balance(targets[:, 0]))
    weights = np.reshape(ridge.coef_, (-1, rows.shape[1])).T
    return weights.astype(np.float32), np.atleast_1d(ridge.intercept_).astype(np.float32)


def _balance(alarming: NDArray[np.bool_]) -> Floats:
    """Weights with which alarming and harmless messages count the same."""
    share = min(max(float(alarming.mean()), 1e-3), 1 - 1e-3)
    return np.where(alarming, 0.5 / share, 0.5 / (1 - share)).astype(np.float32)
