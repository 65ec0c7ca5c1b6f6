"""What speaks for each candidate intent of an utterance: the numbers that the confidence is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from chatbot.language.features import Features, Floats

Rows = NDArray[np.intp]

CANDIDATES = 5
_NEARBY = 3

#: The kinds of evidence for a candidate, in the order of `Candidates.evidence`.
#:
#: score: kernel ridge score of the candidate.
#: lead: score minus the best score of another candidate.
#: inside: how little the utterance resembles the out-of-scope examples (0 where there are none).
#: nearest: cosine with the candidate's closest phrasing.
#: nearby: mean cosine with its three closest phrasings.
#: coverage: idf-weighted share of the utterance's words that occur in the candidate's phrasings.
#: familiarity: the same share for the phrasings of all intents.
#: fuzzy: token-set similarity with the closest phrasing (rapidfuzz), 0 to 1.
EVIDENCE = ("score", "lead", "inside", "nearest", "nearby", "coverage", "familiarity", "fuzzy")


@dataclass(frozen=True)
class Candidates:
    """The best intents of `n` utterances, shape (n, candidates): their numbers and the closest phrasing of each.

    evidence: shape (n, candidates, kinds), the kinds as in `EVIDENCE`.
    """

    intents: Rows
    phrasings: Rows
    evidence: Floats


class Phrasings:
    """The phrasings of the intents; each intent's lie together.

    Made from texts (n,), vectors (n, d) and intents (n,) in the order of `together`: the out-of-scope examples come
    last and are left out, so that `vectors` is a view and takes no memory of its own.
    """

    def __init__(self, texts: Sequence[str], vectors: Floats, intents: Rows, words: "WordCounts | None" = None) -> None:
        """`words`: those of the texts, where they were counted before."""
        count = int(intents.max()) + 1
        bounds = np.searchsorted(_outside_last(intents), np.arange(count + 1)).tolist()
        self.slices = [slice(start, end) for start, end in pairwise(bounds)]
        self.texts = texts[: bounds[-1]]
        self.vectors = vectors[: bounds[-1]]
        self.words = words or WordCounts.of(self.texts, intents[: bounds[-1]], count)

    def similarities(self, intent: int, vector: Floats) -> Floats:
        """Cosines of a vector (d,) with every phrasing of one intent (its phrasings,)."""
        return np.asarray(self.vectors[self.slices[intent]] @ vector)

    def word_shares(self, text: str, candidates: Rows, features: Features, without: "Left") -> tuple[Floats, float]:
        """Shares of the utterance's idf weight found in each candidate's phrasings (candidates,), and in any."""
        words = sorted(set(text.split()))
        known = [word for word in words if word in self.words.numbers]
        total = sum(features.word_weight(word) for word in words)
        if not known:
            return np.zeros(len(candidates), dtype=np.float32), 0.0
        numbers = np.array([self.words.numbers[word] for word in known])
        weights = np.array([features.word_weight(word) for word in known], dtype=np.float32) / total
        counts, anywhere = self.words.inside(numbers, candidates), self.words.totals[numbers]
        if without.intent is not None:
            gone = self.words.inside(numbers, np.array([without.intent]))[:, 0] if without.whole_intent else 1
            counts = counts - (candidates == without.intent) * np.reshape(gone, (-1, 1))
            anywhere = anywhere - gone
        return weights @ (counts > 0), float(weights @ (anywhere > 0))


@dataclass(frozen=True)
class WordCounts:
    """In how many phrasings of each intent a word occurs.

    numbers: of each word. pairs: word number times `intents_count` plus intent, ascending; pair_counts: the phrasings
    of each pair. totals: the phrasings of any intent with each word.
    """

    numbers: Mapping[str, int]
    intents_count: int
    pairs: Rows
    pair_counts: Rows
    totals: Rows

    @classmethod
    def of(cls, texts: Sequence[str], intents: Rows, count: int) -> Self:
        """Count the words of texts (n,) whose intents (n,) are `count` numbers."""
        words = [sorted(set(text.split())) for text in texts]
        numbers = {word: number for number, word in enumerate(sorted({w for each in words for w in each}))}
        flat = np.array([numbers[word] for each in words for word in each], dtype=np.int64)
        owners = np.repeat(intents, [len(each) for each in words])
        pairs, pair_counts = np.unique(flat * count + owners, return_counts=True)
        return cls(numbers, count, pairs, pair_counts, np.bincount(flat, minlength=len(numbers)))

    def inside(self, words: Rows, intents: Rows) -> Rows:
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
    found = [
        _of_one(text, vector, line, phrasings, features, away)
        for text, vector, line, away in zip(texts, vectors, scores, left)
    ]
    intents, closest, evidence = zip(*found)
    return Candidates(np.stack(intents), np.stack(closest), np.stack(evidence))


def _of_one(
    text: str, vector: Floats, scores: Floats, phrasings: Phrasings, features: Features, left: Left
) -> tuple[Rows, Rows, Floats]:
    """The candidates of one utterance (candidates,), the closest phrasing of each, and (candidates, kinds)."""
    scores, outside = scores[:-1], scores[-1]
    intents = _best(scores)
    best = scores[intents]
    likeness = [_likeness(vector, intent, phrasings, left) for intent in intents.tolist()]
    closest = [place for _, _, place in likeness]
    coverage, familiarity = phrasings.word_shares(text, intents, features, left)
    evidence = np.empty((len(intents), len(EVIDENCE)), dtype=np.float32)
    evidence[:, 0] = best
    evidence[:, 1] = _lead(best)
    evidence[:, 2] = -outside
    evidence[:, 3:5] = [(nearest, nearby) for nearest, nearby, _ in likeness]
    evidence[:, 5] = coverage
    evidence[:, 6] = familiarity
    evidence[:, 7] = [fuzz.token_set_ratio(text, phrasings.texts[place]) / 100 for place in closest]
    return intents, np.array(closest, dtype=np.intp), evidence


def _best(scores: Floats) -> Rows:
    """The places of the highest scores, best first; equals in their order."""
    width = min(CANDIDATES, len(scores))
    least = np.partition(scores, -width)[-width]
    reaching = np.flatnonzero(scores >= least)
    return reaching[np.argsort(-scores[reaching], kind="stable")[:width]]


def _lead(best: Floats) -> Floats:
    """How far each candidate's score is ahead of the best other one; `best` is in descending order."""
    if len(best) < 2:
        return best
    lead = best - best[0]
    lead[0] = best[0] - best[1]
    return np.asarray(lead)


def _likeness(vector: Floats, intent: int, phrasings: Phrasings, left: Left) -> tuple[float, float, int]:
    """Cosine with the closest phrasing of an intent, the mean of the three closest, and the place of the closest."""
    cosines = phrasings.similarities(intent, vector)
    start = phrasings.slices[intent].start
    if left.row is not None and left.intent == intent:
        cosines[left.row - start] = -1.0
    closest = int(cosines.argmax())
    top = min(_NEARBY, len(cosines))
    nearby = sum(np.partition(cosines, -top)[-top:].tolist()) / top
    return float(cosines[closest]), nearby, start + closest
