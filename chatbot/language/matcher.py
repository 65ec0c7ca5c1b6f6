"""The matcher: which intent does an utterance mean, and how sure is that?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import NotFittedError
from chatbot.language.calibration import Calibrator, balance, choose_threshold
from chatbot.language.evidence import EVIDENCE, NOTHING_LEFT, Candidates, Left, Phrasings, gather, together
from chatbot.language.features import SPELLING_SHARE, Features, Floats
from chatbot.language.ridge import NEIGHBOURS, LocalRidge, Rows
from chatbot.language.text import normalise

#: A message longer than this is read up to here: no question needs more, and time stays bounded.
MAX_CHARACTERS = 2_000

#: With fewer out-of-scope examples in the rehearsal the threshold is a matter of chance.
_ENOUGH_OUTSIDE = 100

#: So many candidates of each rehearsed text are kept.
_REMEMBERED = 3

#: Below any score that the ridge gives.
_NO_SCORE = -1.0


@dataclass(frozen=True)
class Match:
    """An intent that an utterance may mean, the confidence (0 to 1), the closest phrasing, and the evidence."""

    label: str
    confidence: float
    phrasing: str
    evidence: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Rehearsal:
    """What the rehearsal of a fit gave: rows (n,) of the texts, the numbers of their best labels, and how sure each is.

    labels and confidences have the shape (n, candidates), best first.
    """

    rows: Rows
    labels: Rows
    confidences: Floats


class Matcher:
    """Ranks intents by local kernel ridge regression and says how sure it is, from few phrasings an intent.

    `fit` rehearses: every training text is ranked as if it were unknown. From that the matcher learns what its
    evidence is worth and chooses `threshold_`, the confidence from which an answer is better than none. It knows
    nothing of any domain.
    """

    def __init__(
        self,
        *,
        wrong_rate: float = 0.2,
        unknown_share: float = 0.5,
        penalty: float = 0.15,
        spelling: float = SPELLING_SHARE,
        neighbours: int = NEIGHBOURS,
        rehearsed: int = 800,
        seed: int = 0,
    ) -> None:
        self.wrong_rate = wrong_rate
        self.unknown_share = unknown_share
        self.penalty = penalty
        self.spelling = spelling
        self.neighbours = neighbours
        self.rehearsed = rehearsed
        self.seed = seed

    def fit(self, texts: Sequence[str], labels: Sequence[str | None], *, shown: Sequence[str] | None = None) -> Self:
        """Learn from texts (n,) and their labels (n,); the label None marks an out-of-scope example.

        `shown` has the phrasings as their author wrote them, where the texts were rewritten for matching.
        """
        if len(texts) != len(labels):
            raise ValueError(f"{len(texts)} texts but {len(labels)} labels: give one label for each text.")
        self.labels_ = tuple(sorted({label for label in labels if label is not None}))
        self.texts_ = tuple(texts if shown is None else shown)
        numbers = {label: number for number, label in enumerate(self.labels_)}
        self.intents_ = np.array([-1 if label is None else numbers[label] for label in labels], dtype=np.intp)
        if not self.labels_:
            self.threshold_ = 1.0
            return self
        plain = [_readable(text) for text in texts]
        self.features_ = Features(spelling=self.spelling, seed=self.seed)
        vectors = self.features_.fit_transform(plain)
        self.rows_ = together(self.intents_)
        self.plain_ = tuple(plain[row] for row in self.rows_)
        self.ridge_ = self.fit_ridge(vectors[self.rows_])
        self.phrasings_ = Phrasings(self.plain_, self.ridge_.vectors_, self.intents_[self.rows_])
        self._learn_confidence()
        return self

    def rank(self, text: str, top: int = 3) -> tuple[Match, ...]:
        """The intents that the text may mean, best first; empty where nothing was learnt."""
        return self.rank_many([text], top)[0]

    def rank_many(self, texts: Sequence[str], top: int = 3) -> tuple[tuple[Match, ...], ...]:
        """As `rank`, for many texts."""
        if not hasattr(self, "labels_"):
            raise NotFittedError
        if not self.labels_ or not texts:
            return ((),) * len(texts)
        plain = [_readable(text) for text in texts]
        vectors = self.features_.transform(plain)
        found = gather(plain, vectors, self.ridge_.scores(vectors), self.phrasings_, self.features_)
        return self._ranked(found, top)

    def _ranked(self, found: Candidates, top: int = 3) -> tuple[tuple[Match, ...], ...]:
        confidences = self.calibrator_.confidence(found.evidence)
        order = np.argsort(-confidences, axis=1, kind="stable")[:, :top]
        return tuple(
            tuple(
                Match(
                    label=self.labels_[found.intents[row, place]],
                    confidence=float(confidences[row, place]),
                    phrasing=self.texts_[self.rows_[found.phrasings[row, place]]],
                    evidence=tuple(zip(EVIDENCE, found.evidence[row, place].tolist())),
                )
                for place in line
            )
            for row, line in enumerate(order)
        )

    def rehearse(self, rows: Sequence[int] | None = None) -> tuple[tuple[Match, ...], ...]:
        """The ranking of each training text by a matcher that does not know it, exact and without a refit."""
        chosen = np.arange(len(self.texts_)) if rows is None else np.asarray(rows, dtype=np.intp)
        return self._ranked(self._alone(chosen))

    def fit_ridge(self, vectors: Floats) -> LocalRidge:
        """The ridge on the vectors (n, d) of the learnt texts, in the order of `rows_`."""
        width = len(self.labels_) + 1
        columns = self.intents_[self.rows_] % width  # -1, out of scope, is the last
        return LocalRidge(penalty=self.penalty, neighbours=self.neighbours).fit(vectors, columns, width)

    def _learn_confidence(self) -> None:
        """Learn the calibration and the threshold from a sample of training texts, each imagined unknown.

        What must be rejected is learnt from the out-of-scope examples; where there are none, from the phrasings of
        whole intents as they would look to a matcher that had never heard of these.
        """
        rows = self._sample()
        alone = self._alone(rows)
        right = alone.intents == self.intents_[rows, None]
        evidence = alone.evidence
        outside = self.intents_[rows] < 0
        if not outside.any() and len(self.labels_) > 1:
            strangers = self._strangers().evidence
            evidence = np.concatenate([evidence, strangers])
            right = np.concatenate([right, np.zeros(strangers.shape[:2], dtype=bool)])
            outside = np.append(outside, np.ones(len(strangers), dtype=bool))
        examples = np.arange(len(outside)) < len(rows)  # the rest are imagined strangers
        self._calibrate(evidence, right, outside, known=outside & examples)
        self.rehearsal_ = self._remember(rows, alone)

    def _remember(self, rows: Rows, alone: Candidates) -> Rehearsal:
        confidences = self.calibrator_.confidence(alone.evidence)
        order = np.argsort(-confidences, axis=1, kind="stable")[:, :_REMEMBERED]
        labels = np.take_along_axis(alone.intents, order, axis=1)
        return Rehearsal(rows, labels, np.take_along_axis(confidences, order, axis=1))

    def _alone(self, rows: Rows) -> Candidates:
        """The candidates of training texts, each as it would look if it had not been learnt."""
        places = np.argsort(self.rows_)[rows]
        pairs = zip(places.tolist(), self.intents_[rows].tolist())
        left = [Left(place, intent) if intent >= 0 else NOTHING_LEFT for place, intent in pairs]
        return gather(
            [self.plain_[place] for place in places],
            self.ridge_.vectors_[places],
            self.ridge_.scores_without_each(places),
            self.phrasings_,
            self.features_,
            left,
        )

    def _strangers(self) -> Candidates:
        """The candidates that phrasings would get if their whole intent were unknown."""
        places: list[int] = []
        scores: list[Floats] = []
        left: list[Left] = []
        for intent in np.random.default_rng(self.seed).permutation(len(self.labels_)):
            lying = self.phrasings_.slices[intent]
            without = self.ridge_.scores_without_all(np.arange(lying.start, lying.stop))
            without[:, intent] = _NO_SCORE
            places += range(lying.start, lying.stop)
            scores.append(without)
            left += [Left(intent=int(intent), whole_intent=True)] * len(without)
            if len(places) >= self.rehearsed:
                break
        return gather(
            [self.plain_[place] for place in places],
            self.ridge_.vectors_[places],
            np.concatenate(scores),
            self.phrasings_,
            self.features_,
            left,
        )

    def _sample(self) -> Rows:
        """Texts to rehearse with, among them enough out-of-scope examples to learn from, however rare these are.

        Chosen by a checksum of the text: one phrasing more must not draw others, for the confidence of everything
        else would change with it.
        """
        places = np.argsort(self.rows_)
        checksums = [crc32(self.plain_[place].encode("utf-8", "surrogatepass")) for place in places]
        rows = np.argsort(checksums, kind="stable")
        chosen, others = rows[: self.rehearsed], rows[self.rehearsed :]
        missing = max(_ENOUGH_OUTSIDE - int((self.intents_[chosen] < 0).sum()), 0)
        return np.sort(np.append(chosen, others[self.intents_[others] < 0][:missing]))

    def _calibrate(
        self, evidence: Floats, right: NDArray[np.bool_], outside: NDArray[np.bool_], known: NDArray[np.bool_]
    ) -> None:
        """`known` marks the out-of-scope examples, of which fewer may be answered than of imagined strangers.

        Strangers are like the phrasings and harder to tell than what people really ask besides, so much is forgiven.
        """
        count, width, depth = evidence.shape
        weights = balance([~outside, outside], [1 - self.unknown_share, self.unknown_share])
        self.calibrator_ = Calibrator().fit(evidence.reshape(-1, depth), right.reshape(-1), np.repeat(weights, width))
        confidences = self.calibrator_.confidence(evidence)
        line, best = np.arange(count), confidences.argmax(axis=1)
        surest, truth = confidences[line, best], right[line, best]
        self.threshold_ = choose_threshold(surest, truth, weights, self.wrong_rate)
        if known.any():
            answered = self.wrong_rate * self.unknown_share
            rejecting = choose_threshold(surest, ~known, known.astype(np.float32), answered)
            self.threshold_ = max(self.threshold_, rejecting)


def _readable(text: str) -> str:
    return normalise(text[:MAX_CHARACTERS])
