"""What speaks for each candidate intent of an utterance: the numbers that the confidence is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from chatbot.language.features import Features, Floats

Rows = NDArray[np.intp]

CANDIDATES = 5
_NEARBY = 3


@dataclass(frozen=True)
class Evidence:
    """Numbers for the best candidates of `n` utterances, each of shape (n, candidates).

    score: kernel ridge score of the candidate.
    lead: score minus the best score of another candidate.
    inside: how little the utterance resembles the out-of-scope examples (0 where there are none).
    nearest: cosine with the candidate's closest phrasing.
    nearby: mean cosine with its three closest phrasings.
    coverage: idf-weighted share of the utterance's words that occur in the candidate's phrasings.
    familiarity: the same share for the phrasings of all intents.
    fuzzy: token-set similarity with the closest phrasing (rapidfuzz), 0 to 1.
    """

    score: Floats
    lead: Floats
    inside: Floats
    nearest: Floats
    nearby: Floats
    coverage: Floats
    familiarity: Floats
    fuzzy: Floats

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The kinds of evidence, in the order of `stacked`."""
        return tuple(field.name for field in fields(cls))

    def stacked(self) -> Floats:
        """All numbers in one array, shape (n, candidates, len(names()))."""
        return np.stack([getattr(self, name) for name in self.names()], axis=2)


@dataclass(frozen=True)
class Candidates:
    """The best intents of `n` utterances: their numbers, the closest phrasing of each, and the evidence."""

    intents: Rows
    phrasings: Rows
    evidence: Evidence


class Phrasings:
    """The phrasings of the intents; each intent's lie together.

    Made from texts (n,), vectors (n, d) and intents (n,) in the order of `together`: the out-of-scope examples come
    last and are left out, so that `vectors` is a view and takes no memory of its own.
    """

    def __init__(self, texts: Sequence[str], vectors: Floats, intents: Rows) -> None:
        count = int(intents.max()) + 1
        bounds = np.searchsorted(_outside_last(intents), np.arange(count + 1)).tolist()
        self.slices = [slice(start, end) for start, end in pairwise(bounds)]
        self.texts = texts[: bounds[-1]]
        self.vectors = vectors[: bounds[-1]]
        self.intents_count = count
        words = [sorted(set(text.split())) for text in self.texts]
        self.word_numbers = {word: number for number, word in enumerate(sorted({w for each in words for w in each}))}
        flat = np.array([self.word_numbers[word] for each in words for word in each], dtype=np.int64)
        owners = np.repeat(intents[: bounds[-1]], [len(each) for each in words])
        self.pairs, self.pair_counts = np.unique(flat * count + owners, return_counts=True)
        self.totals = np.bincount(flat, minlength=len(self.word_numbers))

    def similarities(self, intent: int, vectors: Floats) -> Floats:
        """Cosines of vectors (n, d) with every phrasing of one intent, shape (n, its phrasings)."""
        return np.asarray(vectors @ self.vectors[self.slices[intent]].T)

    def word_shares(self, text: str, candidates: Rows, features: Features, without: "Left") -> tuple[Floats, float]:
        """Shares of the utterance's idf weight found in each candidate's phrasings (candidates,), and in any."""
        words = sorted(set(text.split()))
        known = [word for word in words if word in self.word_numbers]
        total = sum(features.word_weight(word) for word in words)
        if not known:
            return np.zeros(len(candidates), dtype=np.float32), 0.0
        numbers = np.array([self.word_numbers[word] for word in known])
        weights = np.array([features.word_weight(word) for word in known], dtype=np.float32) / total
        counts, anywhere = self._counts(numbers, candidates), self.totals[numbers]
        if without.intent is not None:
            gone = self._counts(numbers, np.array([without.intent]))[:, 0] if without.whole_intent else 1
            counts = counts - (candidates == without.intent) * np.reshape(gone, (-1, 1))
            anywhere = anywhere - gone
        return weights @ (counts > 0), float(weights @ (anywhere > 0))

    def _counts(self, words: Rows, intents: Rows) -> Rows:
        """How many phrasings of each intent hold each word, shape (words, intents)."""
        wanted = words[:, None] * self.intents_count + intents
        places = np.minimum(np.searchsorted(self.pairs, wanted), len(self.pairs) - 1)
        return np.where(self.pairs[places] == wanted, self.pair_counts[places], 0)


def together(intents: Rows) -> Rows:
    """The order in which each intent's rows lie together, and those of the out-of-scope examples (-1) come last."""
    return np.argsort(_outside_last(intents), kind="stable")


def _outside_last(intents: Rows) -> Rows:
    return np.where(intents < 0, np.iinfo(intents.dtype).max, intents)


@dataclass(frozen=True)
class Left:
    """What is imagined away while an utterance that is itself a phrasing is ranked (leave-one-out)."""

    row: int | None = None
    intent: int | None = None
    whole_intent: bool = False


NOTHING_LEFT = Left()


def gather(
    texts: Sequence[str],
    vectors: Floats,
    scores: Floats,
    phrasings: Phrasings,
    features: Features,
    left: Sequence[Left] = (),
) -> Candidates:
    """The best candidates of normalised texts (n,) with vectors (n, d) and ridge scores (n, intents + 1).

    The last score is that of the out-of-scope examples.
    """
    left = left or [NOTHING_LEFT] * len(texts)
    scores, outside = scores[:, :-1], scores[:, -1:]
    width = min(CANDIDATES, scores.shape[1])
    intents = _best(scores, width)
    best = np.take_along_axis(scores, intents, axis=1)
    nearest, nearby, closest = _similar(vectors, intents, phrasings, left)
    coverage, familiarity = _shared_words(texts, intents, phrasings, features, left)
    return Candidates(
        intents=intents,
        phrasings=closest,
        evidence=Evidence(
            score=best,
            lead=_lead(best),
            inside=np.repeat(-outside, width, axis=1),
            nearest=nearest,
            nearby=nearby,
            coverage=coverage,
            familiarity=familiarity,
            fuzzy=_fuzzy(texts, closest, phrasings),
        ),
    )


def _best(scores: Floats, width: int) -> Rows:
    """The columns of the highest scores, best first; equals in the order of the columns."""
    floor = -np.partition(-scores, width - 1, axis=1)[:, width - 1]
    rows = [np.nonzero(line >= least)[0] for line, least in zip(scores, floor)]
    return np.array([row[np.argsort(-line[row], kind="stable")[:width]] for line, row in zip(scores, rows)])


def _lead(best: Floats) -> Floats:
    """How far each candidate's score is ahead of the best other one; `best` is in descending order."""
    if best.shape[1] < 2:
        return best
    others = np.repeat(best[:, :1], best.shape[1], axis=1)
    others[:, 0] = best[:, 1]
    return np.asarray(best - others)


def _similar(vectors: Floats, intents: Rows, phrasings: Phrasings, left: Sequence[Left]) -> tuple[Floats, Floats, Rows]:
    nearest = np.zeros(intents.shape, dtype=np.float32)
    nearby = np.zeros(intents.shape, dtype=np.float32)
    closest = np.zeros(intents.shape, dtype=np.intp)
    for intent in np.unique(intents):
        rows, places = np.nonzero(intents == intent)
        cosines = phrasings.similarities(intent, vectors[rows])
        start = phrasings.slices[intent].start
        for line, row in enumerate(rows.tolist()):
            away = left[row]
            if away.row is not None and away.intent == intent:
                cosines[line, away.row - start] = -1.0
        top = min(_NEARBY, cosines.shape[1])
        nearest[rows, places] = cosines.max(axis=1)
        nearby[rows, places] = np.partition(cosines, -top, axis=1)[:, -top:].mean(axis=1)
        closest[rows, places] = start + cosines.argmax(axis=1)
    return nearest, nearby, closest


def _shared_words(
    texts: Sequence[str], intents: Rows, phrasings: Phrasings, features: Features, left: Sequence[Left]
) -> tuple[Floats, Floats]:
    coverage = np.zeros(intents.shape, dtype=np.float32)
    familiarity = np.zeros(intents.shape, dtype=np.float32)
    for row, text in enumerate(texts):
        coverage[row], familiarity[row] = phrasings.word_shares(text, intents[row], features, left[row])
    return coverage, familiarity


def _fuzzy(texts: Sequence[str], closest: Rows, phrasings: Phrasings) -> Floats:
    ratios = [
        [fuzz.token_set_ratio(text, phrasings.texts[phrasing]) / 100 for phrasing in line]
        for text, line in zip(texts, closest)
    ]
    return np.array(ratios, dtype=np.float32).reshape(closest.shape)
