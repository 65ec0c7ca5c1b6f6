"""The second net: a small classifier that catches alarming messages for which no rule was written.

It shares nothing with the rules and nothing with the matcher: its own words, pairs of words and word embeddings,
fitted on its own messages. It reads a message window by window, so that an alarm in a long message is not diluted.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from chatbot.language.embeddings import DIMENSIONS, StaticEmbeddings, load_embeddings
from chatbot.language.text import normalise

_WINDOW = 16
_STEP = 8
_MOST_WINDOWS = 300
_MEANING_SHARE = 4.0
_PENALTY = 1.0
_FOLDS = 5

Floats = NDArray[np.float32]


class SafetyNet:
    """The probability that a message is alarming, and from where it is high enough to show a card.

    `false_alarms` and `cautions` are the shares of harmless messages that may be stopped, or get the 111/999 line:
    `alert_` and `caution_` are chosen for them by cross-validation.
    """

    def __init__(self, *, false_alarms: float = 0.002, cautions: float = 0.03, seed: int = 0) -> None:
        self.false_alarms = false_alarms
        self.cautions = cautions
        self.seed = seed

    def fit(self, texts: Sequence[str], alarming: Sequence[bool]) -> Self:
        """Learn from messages (n,) and whether each is alarming (n,)."""
        plain = [normalise(text) for text in texts]
        labels = np.asarray(alarming)
        self._words = CountVectorizer(ngram_range=(1, 2), token_pattern=r"[^ ]+", binary=True, min_df=2).fit(plain)
        self._columns = self._words.vocabulary_
        features = self._features_of(plain)
        model = LogisticRegression(C=_PENALTY, class_weight="balanced", max_iter=300)
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=self.seed)
        unseen = cross_val_predict(model, features, labels, cv=folds, method="predict_proba")[:, 1]
        harmless = unseen[~labels]
        self.alert_ = float(np.quantile(harmless, 1 - self.false_alarms))
        self.caution_ = float(np.quantile(harmless, 1 - self.cautions))
        model.fit(features, labels)
        weights = model.coef_[0]
        self._word_weights = weights[: len(self._columns)].tolist()
        self._meaning_weights = weights[len(self._columns) :].astype(np.float32)
        self._bias = float(model.intercept_[0])
        return self

    def alarm(self, text: str) -> float:
        """How alarming the most alarming stretch of the message is, between 0 and 1."""
        words = normalise(text).split()
        if not words:
            return 0.0
        starts = range(0, max(len(words) - _STEP, 1), _STEP)
        windows = [words[start : start + _WINDOW] for start in starts][:_MOST_WINDOWS]
        meanings = _meanings(load_embeddings(), [" ".join(window) for window in windows])
        logits = meanings @ self._meaning_weights + np.array([self._weigh(window) for window in windows]) + self._bias
        return float(1 / (1 + np.exp(-logits.max())))

    def _features_of(self, plain: Sequence[str]) -> csr_matrix:
        return hstack([self._words.transform(plain), _meanings(load_embeddings(), plain)], format="csr")

    def _weigh(self, words: Sequence[str]) -> float:
        """What the window's words and pairs of words speak for an alarm; each counts once, as in learning."""
        seen = {*words, *map(" ".join, zip(words, words[1:]))}
        return sum(self._word_weights[self._columns[gram]] for gram in seen if gram in self._columns)


def _meanings(embeddings: StaticEmbeddings, texts: Sequence[str]) -> Floats:
    """Mean word embeddings of a fixed length, shape (n, 256)."""
    means = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, pieces in enumerate(embeddings.pieces(texts)):
        if len(pieces):
            total = embeddings.table[pieces].sum(axis=0)
            means[row] = total * (_MEANING_SHARE / max(float(np.linalg.norm(total)), 1e-9))
    return means
