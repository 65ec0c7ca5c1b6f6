"""What the matcher sees of a text: its words, and one vector for how it is written and what it means."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from chatbot.language.embeddings import DIMENSIONS, load_embeddings

Floats = NDArray[np.float32]

#: Shares of the three views in the vector (spelling, plain meaning, weighted meaning): docs/matching.md, "Views".
VIEW_WEIGHTS = (0.68, 0.2, 0.12)

#: scikit-learn refuses to learn an empty vocabulary; no normalised text contains this mark.
_NEVER_TYPED = "\N{SYMBOL FOR NULL}"


class Features:
    """Learns words, weights and a latent space from texts, then encodes any text as a vector.

    A vector joins three views: latent word and character n-grams (TF-IDF and singular value decomposition, as in
    Deerwester et al. 1990), the mean of the static word embeddings, and their idf-weighted mean. The dot product of
    two vectors is the weighted mean of the views' cosines, between -1 and 1.
    """

    def __init__(self, *, components: int = 300, dimensions: int = 256, seed: int = 0) -> None:
        self.components = components
        self.dimensions = dimensions
        self.seed = seed

    def fit_transform(self, texts: Sequence[str]) -> Floats:
        """Learn from normalised texts, shape (n,), and return their vectors, shape (n, dimensions)."""
        self.word_weights_ = _inverse_document_frequency(texts)
        self.unknown_weight_ = float(np.log(len(texts) + 1) + 1)
        self.piece_weights_ = self._piece_weights(texts)
        words = [word for text in texts for word in text.split()] or [_NEVER_TYPED]
        self.phrases_ = TfidfVectorizer(
            ngram_range=(1, 2), lowercase=False, token_pattern=r"[^ ]+", sublinear_tf=True, dtype=np.float32
        ).fit([*texts, _NEVER_TYPED])
        self.characters_ = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), lowercase=False, dtype=np.float32)
        self.characters_.fit(sorted(set(words)))
        self.character_weights_ = TfidfTransformer(sublinear_tf=True).fit(self._character_counts(texts))
        grams = self._grams(texts)
        axes = _latent_axes(grams, self.components, self.seed)
        views = np.hstack([grams @ axes, *self._embed(texts)])
        rotation = _principal_axes(views, self.dimensions)
        self.axes_ = np.ascontiguousarray(axes @ rotation[: axes.shape[1]])
        self.rotation_ = np.ascontiguousarray(rotation[axes.shape[1] :])
        return np.asarray(views @ rotation)

    def transform(self, texts: Sequence[str]) -> Floats:
        """The vectors of normalised texts, shape (n, dimensions)."""
        return np.asarray(self._grams(texts) @ self.axes_ + np.hstack(self._embed(texts)) @ self.rotation_)

    def word_weight(self, word: str) -> float:
        """Inverse document frequency of a word; a word never seen weighs most."""
        return self.word_weights_.get(word, self.unknown_weight_)

    def _grams(self, texts: Sequence[str]) -> csr_matrix:
        characters = self.character_weights_.transform(self._character_counts(texts), copy=False)
        blocks = [self.phrases_.transform(texts), characters]
        return hstack(blocks, format="csr", dtype=np.float32) * np.float32(np.sqrt(VIEW_WEIGHTS[0] / 2))

    def _character_counts(self, texts: Sequence[str]) -> csr_matrix:
        """Counts of the n-grams inside words: each distinct word is taken apart once, however often it occurs."""
        numbers: dict[str, int] = {}
        columns = [[numbers.setdefault(word, len(numbers)) for word in text.split()] for text in texts]
        ends = np.cumsum([0, *map(len, columns)])
        flat = np.array([column for line in columns for column in line], dtype=np.intp)
        shape = (len(texts), max(len(numbers), 1))
        occurrences = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=shape)
        return occurrences @ self.characters_.transform(list(numbers) or [""])

    def _piece_weights(self, texts: Sequence[str]) -> Floats:
        """Inverse document frequency of every word piece, smoothed as scikit-learn does."""
        embeddings = load_embeddings()
        counts = np.zeros(len(embeddings.table), dtype=np.float32)
        for pieces in embeddings.pieces(texts):
            counts[np.unique(pieces)] += 1
        return np.asarray(np.log((len(texts) + 1) / (counts + 1)) + 1, dtype=np.float32)

    def _embed(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """The two views of meaning, each (n, 256) with rows as long as the root of the view's share."""
        embeddings = load_embeddings()
        plain = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        weighted = np.zeros_like(plain)
        for row, pieces in enumerate(embeddings.pieces(texts)):
            if len(pieces):
                vectors = embeddings.table[pieces]
                plain[row] = vectors.sum(axis=0)
                weighted[row] = self.piece_weights_[pieces] @ vectors
        return _rows_of_length(plain, VIEW_WEIGHTS[1] ** 0.5), _rows_of_length(weighted, VIEW_WEIGHTS[2] ** 0.5)


def _latent_axes(grams: csr_matrix, components: int, seed: int) -> Floats:
    """The leading right singular vectors, shape (n-grams, at most components).

    Randomised range finder with one power iteration (Halko, Martinsson & Tropp 2011); small Gram matrices replace its
    QR and SVD of tall ones, which costs accuracy only in directions that hardly matter.
    """
    components = min(components, *(side - 1 for side in grams.shape))
    if components < 1:
        return np.zeros((grams.shape[1], 0), dtype=np.float32)
    width = min(components + 20, *grams.shape)
    start = np.random.default_rng(seed).standard_normal((grams.shape[1], width), dtype=np.float32)
    columns = grams.T.tocsr()
    reached = _orthonormal(grams @ (columns @ _orthonormal(grams @ start, width)), width)
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


def _rows_of_length(matrix: Floats, length: float) -> Floats:
    """Each row scaled to `length`; rows of zeros stay."""
    norms = np.sqrt(np.einsum("ij,ij->i", matrix, matrix))[:, None]
    return np.divide(matrix * np.float32(length), norms, out=np.zeros_like(matrix), where=norms > 0)
