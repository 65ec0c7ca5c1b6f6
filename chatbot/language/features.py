"""What the matcher sees of a text: its words, and one vector for how it is written and what it means."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer

from chatbot.language.embeddings import DIMENSIONS, load_embeddings

Floats = NDArray[np.float32]

#: Shares of the two views in the vector: docs/matching.md, "Views".
_SPELLING, _MEANING = 0.7, 0.3

#: scikit-learn refuses to learn an empty vocabulary; no normalised text contains this mark.
_NEVER_TYPED = "\N{SYMBOL FOR NULL}"

_SHORTEST_GRAM, _LONGEST_GRAM = 2, 5


class Features:
    """Learns words, weights and a latent space from texts, then encodes any text as a vector.

    A vector joins two views: latent word and character n-grams (TF-IDF and singular value decomposition, as in
    Deerwester et al. 1990), and the mean of the static word embeddings. The dot product of two vectors is the
    weighted mean of the views' cosines, between -1 and 1.
    """

    def __init__(self, *, components: int = 300, dimensions: int = 256, seed: int = 0) -> None:
        self.components = components
        self.dimensions = dimensions
        self.seed = seed

    def fit_transform(self, texts: Sequence[str]) -> Floats:
        """Learn from normalised texts, shape (n,), and return their vectors, shape (n, dimensions)."""
        self.word_weights_ = _inverse_document_frequency(texts)
        self.unknown_weight_ = float(np.log(len(texts) + 1) + 1)
        phrases = TfidfVectorizer(
            ngram_range=(1, 2), lowercase=False, token_pattern=r"[^ ]+", sublinear_tf=True, dtype=np.float32
        )
        counts, characters = _character_counts(texts)
        weighting = TfidfTransformer(sublinear_tf=True)
        blocks = [phrases.fit_transform([*texts, _NEVER_TYPED])[:-1], weighting.fit_transform(counts)]
        grams = hstack(blocks, format="csr", dtype=np.float32)
        axes = _latent_axes(grams, self.components, self.seed)
        # Both blocks have rows of unit length, so that together they are too long by the root of two.
        axes *= np.float32(np.sqrt(_SPELLING / 2))
        views = np.hstack([grams @ axes, _mean_embeddings(texts)])
        rotation = _principal_axes(views, self.dimensions)
        latent = axes @ rotation[: axes.shape[1]]
        self.phrases_ = _Weighted(phrases.vocabulary_, phrases.idf_, latent)
        self.characters_ = _Weighted(characters, weighting.idf_, latent[len(phrases.vocabulary_) :])
        self.rotation_ = np.ascontiguousarray(rotation[axes.shape[1] :])
        return np.asarray(views @ rotation)

    def transform(self, texts: Sequence[str]) -> Floats:
        """The vectors of normalised texts, shape (n, dimensions); as in fitting, without scikit-learn's overhead."""
        vectors = _mean_embeddings(texts) @ self.rotation_
        for row, text in enumerate(texts):
            words = text.split()
            vectors[row] += self.phrases_.project([*words, *map(" ".join, zip(words, words[1:]))])
            vectors[row] += self.characters_.project([gram for word in words for gram in _grams_in(word)])
        return vectors

    def word_weight(self, word: str) -> float:
        """Inverse document frequency of a word; a word never seen weighs most."""
        return self.word_weights_.get(word, self.unknown_weight_)


@dataclass(frozen=True)
class _Weighted:
    """A vocabulary with its idf weights and the latent position of each entry."""

    vocabulary: Mapping[str, int]
    weights: NDArray[np.float32]
    positions: Floats

    def project(self, grams: Iterable[str]) -> Floats | float:
        """The latent position of a text with these n-grams: sublinear TF-IDF of unit length, times positions."""
        counts: dict[int, int] = {}
        for gram in grams:
            number = self.vocabulary.get(gram)
            if number is not None:
                counts[number] = counts.get(number, 0) + 1
        if not counts:
            return 0.0
        numbers = np.fromiter(counts, dtype=np.intp, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (np.log(often) + 1) * self.weights[numbers]
        return np.asarray(values @ self.positions[numbers] / np.sqrt(values @ values), dtype=np.float32)


@lru_cache(maxsize=20_000)
def _grams_in(word: str) -> tuple[str, ...]:
    """The n-grams inside a word with its edges, as scikit-learn's `char_wb` makes them."""
    edged = f" {word} "
    grams: list[str] = []
    for size in range(_SHORTEST_GRAM, _LONGEST_GRAM + 1):
        grams += [edged[start : start + size] for start in range(max(len(edged) - size + 1, 1))]
        if size >= len(edged):
            break
    return tuple(grams)


def _character_counts(texts: Sequence[str]) -> tuple[csr_matrix, dict[str, int]]:
    """Counts of the n-grams inside words (n, n-grams) and their numbers; those of a single word are left out.

    Each distinct word is taken apart once, however often it occurs.
    """
    words: dict[str, int] = {}
    in_texts = _occurrences([[words.setdefault(word, len(words)) for word in text.split()] for text in texts], words)
    grams: dict[str, int] = {}
    in_words = _occurrences([[grams.setdefault(g, len(grams)) for g in _grams_in(word)] for word in words], grams)
    spread = np.bincount(in_words.indices, minlength=in_words.shape[1])
    shared = np.nonzero(spread >= min(2, spread.max()))[0]
    names = list(grams) or [_NEVER_TYPED]
    kept = {names[old]: new for new, old in enumerate(shared.tolist())}
    return in_texts @ in_words[:, shared], kept


def _occurrences(rows: Sequence[Sequence[int]], numbers: Sized) -> csr_matrix:
    """A matrix of counts from the numbers in each row."""
    flat = np.array([number for row in rows for number in row], dtype=np.intp)
    ends = np.cumsum([0, *map(len, rows)])
    shape = (max(len(rows), 1), max(len(numbers), 1))
    if not rows:
        return csr_matrix(shape, dtype=np.float32)
    return csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=shape)


def _latent_axes(grams: csr_matrix, components: int, seed: int) -> Floats:
    """The leading right singular vectors, shape (n-grams, at most components).

    Randomised range finder (Halko, Martinsson & Tropp 2011); small Gram matrices replace its QR and SVD of tall ones,
    which costs accuracy only in directions that hardly matter.
    """
    components = min(components, *(side - 1 for side in grams.shape))
    if components < 1:
        return np.zeros((grams.shape[1], 0), dtype=np.float32)
    width = min(components + 20, *grams.shape)
    start = np.random.default_rng(seed).standard_normal((grams.shape[1], width), dtype=np.float32)
    columns = grams.T.tocsr()
    reached = _orthonormal(grams @ (columns @ (grams @ start)), width)
    return _orthonormal(columns @ reached, components)


def _orthonormal(matrix: Floats, columns: int) -> Floats:
    """The leading left singular vectors of a tall matrix, at most `columns` of them."""
    values, axes = np.linalg.eigh((matrix.T @ matrix).astype(np.float64))
    kept = [place for place in np.argsort(-values)[:columns] if values[place] > 1e-6 * values[-1]]
    return np.asarray(matrix @ (axes[:, kept] / np.sqrt(values[kept])), dtype=np.float32)


def _inverse_document_frequency(texts: Sequence[str]) -> dict[str, float]:
    counts = Counter(word for text in texts for word in set(text.split()))
    return {word: float(np.log((len(texts) + 1) / (count + 1)) + 1) for word, count in counts.items()}


def _principal_axes(matrix: Floats, dimensions: int) -> Floats:
    """The directions that keep most of the dot products, shape (columns, at most dimensions)."""
    _, axes = np.linalg.eigh((matrix.T @ matrix).astype(np.float64))
    return np.asarray(axes[:, -dimensions:], dtype=np.float32)


def _mean_embeddings(texts: Sequence[str]) -> Floats:
    """The mean word embedding of each text, shape (n, 256); zeros where a text has no words."""
    embeddings = load_embeddings()
    means = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, pieces in enumerate(embeddings.pieces(texts)):
        if len(pieces):
            total = embeddings.table[pieces].sum(axis=0, dtype=np.float32)
            means[row] = total * (_MEANING**0.5 / max(float(np.linalg.norm(total)), 1e-9))
    return means
