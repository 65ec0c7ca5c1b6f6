"""What the matcher sees of a text: its words, and one vector for how it is written and what it means."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Self, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from chatbot.language.embeddings import DIMENSIONS, load_embeddings

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]

#: How much of the likeness of two texts is spelling; the rest is meaning: docs/matching.md, "Views".
SPELLING_SHARE = 0.6

#: scikit-learn refuses to learn an empty vocabulary; no normalised text contains this mark.
_NEVER_TYPED = "\N{SYMBOL FOR NULL}"

#: The latent axes are learnt from about so many texts, evenly chosen: more would take most of the time of a fit.
_ENOUGH_TEXTS = 30_000

#: So many random directions are drawn to find the latent axes with; texts share them.
_DIRECTIONS = 4096

_SHORTEST_GRAM, _LONGEST_GRAM = 2, 5

#: What is made of a word is remembered for so many words: a few kilobytes each.
_REMEMBERED = 10_000

Value = TypeVar("Value")


class Features:
    """Learns words, weights and a latent space from texts, then encodes any text as a vector.

    A vector joins two views: latent word and character n-grams (TF-IDF and singular value decomposition, as in
    Deerwester et al. 1990), and the mean of the static word embeddings. The dot product of two vectors is the
    weighted mean of the views' cosines, between -1 and 1.
    """

    def __init__(
        self, *, spelling: float = SPELLING_SHARE, components: int = 400, dimensions: int = 256, seed: int = 0
    ) -> None:
        self.spelling = spelling
        self.components = components
        self.dimensions = dimensions
        self.seed = seed

    def fit_transform(self, texts: Sequence[str]) -> Floats:
        """Learn from normalised texts, shape (n,), and return their vectors, shape (n, dimensions)."""
        # Deferred, here and below: scikit-learn and scipy take a second at start, which a kept model need not pay.
        from scipy.sparse import hstack
        from sklearn.feature_extraction.text import TfidfTransformer

        self.word_weights_ = _inverse_document_frequency(texts)
        self.unknown_weight_ = float(np.log(len(texts) + 1) + 1)
        phrase_counts, phrases = _phrase_counts(texts)
        character_counts, characters = _character_counts(texts)
        weightings = TfidfTransformer(sublinear_tf=True), TfidfTransformer(sublinear_tf=True)
        blocks = [w.fit_transform(counts) for w, counts in zip(weightings, (phrase_counts, character_counts))]
        grams = hstack(blocks, format="csr", dtype=np.float32)
        step = len(texts) // _ENOUGH_TEXTS + 1
        axes = _latent_axes(grams[::step], texts[::step], self.components, self.seed)
        # Both blocks have rows of unit length, so that together they are too long by the root of two.
        axes *= np.float32(np.sqrt(self.spelling / 2))
        views = np.hstack([grams @ axes, _mean_embeddings(texts, 1 - self.spelling)])
        rotation = _principal_axes(views, self.dimensions)
        latent = axes @ rotation[: axes.shape[1]]
        self.phrases_ = Weighted.at(latent[: len(phrases)], phrases, weightings[0].idf_)
        self.characters_ = Weighted.at(latent[len(phrases) :], characters, weightings[1].idf_, grams_in)
        self.rotation_ = np.ascontiguousarray(rotation[axes.shape[1] :])
        return np.asarray(views @ rotation)

    def transform(self, texts: Sequence[str]) -> Floats:
        """The vectors of normalised texts, shape (n, dimensions); as in fitting, without scikit-learn's overhead."""
        vectors = _mean_embeddings(texts, 1 - self.spelling) @ self.rotation_
        for row, text in enumerate(texts):
            words = text.split()
            vectors[row] += self.phrases_.project(_phrases_in(words))
            vectors[row] += self.characters_.project(words)
        return vectors

    def word_weight(self, word: str) -> float:
        """Inverse document frequency of a word; a word never seen weighs most."""
        return self.word_weights_.get(word, self.unknown_weight_)


class Weighted:
    """A vocabulary with its idf weights and the latent position of each entry.

    A position is kept as whole numbers (-127 to 127) and their scale: a quarter of the memory, and quick to read.
    `take_apart` says which entries a name stands for; by default for itself.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        weights: NDArray[np.float32],
        positions: NDArray[np.int8],
        scales: NDArray[np.float32],
        take_apart: Callable[[str], Sequence[str]] = lambda name: (name,),
    ) -> None:
        self.vocabulary = vocabulary
        self.weights = weights
        self.positions = positions
        self.scales = scales
        self._take_apart = take_apart
        self._numbers = Remembered(self._look_up)

    @classmethod
    def at(
        cls,
        positions: Floats,
        vocabulary: Mapping[str, int],
        weights: NDArray[np.float32],
        take_apart: Callable[[str], Sequence[str]] = lambda name: (name,),
    ) -> Self:
        """A vocabulary whose entries lie at these positions, shape (entries, dimensions)."""
        scales = np.maximum(np.abs(positions).max(axis=1, initial=0), 1e-9) / 127
        return cls(vocabulary, weights, np.rint(positions / scales[:, None]).astype(np.int8), scales, take_apart)

    def project(self, names: Sequence[str]) -> Floats | float:
        """The latent position of a text with these names: sublinear TF-IDF of unit length, times positions."""
        counts = Counter([number for name in names for number in self._numbers[name]])
        if not counts:
            return 0.0
        numbers = np.fromiter(counts, dtype=np.intp, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (np.log(often) + 1) * self.weights[numbers]
        scaled = values * self.scales[numbers] / np.sqrt(values @ values)
        return np.asarray(scaled @ self.positions[numbers].astype(np.float32))

    def _look_up(self, name: str) -> list[int]:
        numbers = self.vocabulary
        return [numbers[entry] for entry in self._take_apart(name) if entry in numbers]


class Remembered(dict[str, Value]):
    """What is made of a name, made once for the first names that are asked for; the rest is made each time."""

    def __init__(self, make: Callable[[str], Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> Value:
        made = self._make(name)
        if len(self) < _REMEMBERED:
            self[name] = made
        return made


def grams_in(word: str) -> tuple[str, ...]:
    """The n-grams inside a word with its edges, as scikit-learn's `char_wb` makes them."""
    edged = f" {word} "
    grams: list[str] = []
    for size in range(_SHORTEST_GRAM, _LONGEST_GRAM + 1):
        grams += [edged[start : start + size] for start in range(max(len(edged) - size + 1, 1))]
        if size >= len(edged):
            break
    return tuple(grams)


def _phrases_in(words: Sequence[str]) -> list[str]:
    """The words and the pairs of neighbours."""
    return [*words, *map(" ".join, pairwise(words))]


def _phrase_counts(texts: Sequence[str]) -> tuple["csr_matrix", dict[str, int]]:
    """Counts of words and pairs (n, phrases) and their numbers; pairs of a single text are left out."""
    counts, found = _occurrences(_phrases_in(text.split()) for text in texts)
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = [number for phrase, number in found.items() if " " not in phrase or spread[number] > 1]
    return _columns(counts, found, kept)


def _character_counts(texts: Sequence[str]) -> tuple["csr_matrix", dict[str, int]]:
    """Counts of the n-grams inside words (n, n-grams) and their numbers; those of a single word are left out.

    Each distinct word is taken apart once, however often it occurs.
    """
    in_texts, words = _occurrences(text.split() for text in texts)
    in_words, found = _occurrences(grams_in(word) for word in words)
    spread = np.bincount(in_words.indices, minlength=in_words.shape[1])
    in_words, kept = _columns(in_words, found, np.nonzero(spread >= min(2, spread.max()))[0].tolist())
    return in_texts @ in_words, kept


def _occurrences(rows: Iterable[Iterable[str]]) -> tuple["csr_matrix", dict[str, int]]:
    """How often each name occurs in each row, shape (rows, names), and the numbers of the names."""
    from scipy.sparse import csr_matrix

    numbers: dict[str, int] = {}
    flat, ends = array("q"), array("q", [0])
    for row in rows:
        flat.extend(numbers.setdefault(name, len(numbers)) for name in row)
        ends.append(len(flat))
    if not numbers:
        numbers[_NEVER_TYPED] = 0
    counts = csr_matrix(
        (np.ones(len(flat), dtype=np.float32), np.array(flat, dtype=np.int32), np.array(ends)),
        shape=(len(ends) - 1, len(numbers)),
    )
    counts.sum_duplicates()
    return counts, numbers


def _columns(
    counts: "csr_matrix", numbers: Mapping[str, int], kept: Sequence[int]
) -> tuple["csr_matrix", dict[str, int]]:
    """The kept columns, with their names numbered anew."""
    names = list(numbers)
    return counts[:, kept], {names[old]: new for new, old in enumerate(kept)}


def _latent_axes(grams: "csr_matrix", texts: Sequence[str], components: int, seed: int) -> Floats:
    """The leading right singular vectors of the grams of texts, shape (n-grams, at most components).

    Randomised range finder (Halko, Martinsson & Tropp 2011); small Gram matrices replace its QR and SVD of tall ones,
    which costs accuracy only in directions that hardly matter.
    """
    components = min(components, *(side - 1 for side in grams.shape))
    if components < 1:
        return np.zeros((grams.shape[1], 0), dtype=np.float32)
    width = min(components + 20, *grams.shape)
    columns = grams.T.tocsr()
    reached = _orthonormal(grams @ (columns @ _directions(texts, width, seed)), width)
    return _orthonormal(columns @ reached, components)


def _directions(texts: Sequence[str], width: int, seed: int) -> Floats:
    """A random row for each text, shape (n, width), drawn by its checksum.

    One phrasing more must not draw other rows for the rest, for every likeness would change a little with them.
    """
    drawn = np.random.default_rng(seed).standard_normal((_DIRECTIONS, width), dtype=np.float32)
    return drawn[[crc32(text.encode("utf-8", "surrogatepass")) % _DIRECTIONS for text in texts]]


def _orthonormal(matrix: Floats, columns: int) -> Floats:
    """The leading left singular vectors of a tall matrix, at most `columns` of them."""
    values, axes = np.linalg.eigh((matrix.T @ matrix).astype(np.float64))
    kept = [place for place in np.argsort(-values)[:columns] if values[place] > 1e-6 * values[-1]]
    return np.asarray(matrix @ (axes[:, kept] / np.sqrt(values[kept])).astype(np.float32))


def _inverse_document_frequency(texts: Sequence[str]) -> dict[str, float]:
    counts = Counter(word for text in texts for word in set(text.split()))
    return {word: float(np.log((len(texts) + 1) / (count + 1)) + 1) for word, count in counts.items()}


def _principal_axes(matrix: Floats, dimensions: int) -> Floats:
    """The directions that keep most of the dot products, shape (columns, at most dimensions)."""
    _, axes = np.linalg.eigh((matrix.T @ matrix).astype(np.float64))
    return np.asarray(axes[:, -dimensions:], dtype=np.float32)


def _mean_embeddings(texts: Sequence[str], share: float) -> Floats:
    """Two mean word embeddings of each text, shape (n, 512), together as long as the root of their share.

    In the first mean long embeddings weigh most, as they were trained to; in the second, half as much (by the root of
    their length). Texts without words have zeros. The pieces of a text are those of its words, so each word's are
    added up once, however often it comes.
    """
    words = _words()
    means = np.zeros((len(texts), 2, DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        sums = [words[word] for word in text.split()]
        if sums:
            total = np.add.reduce(sums)
            lengths = np.sqrt(np.einsum("ij,ij->i", total, total))
            means[row] = total * ((share / 2) ** 0.5 / np.maximum(lengths, 1e-9))[:, None]
    return means.reshape(len(texts), 2 * DIMENSIONS)


@cache
def _words() -> Remembered[Floats]:
    """Two sums of the embeddings of each word's pieces, as they are and shortened to the root, shape (2, 256)."""
    embeddings = load_embeddings()

    def add_up(word: str) -> Floats:
        (pieces,) = embeddings.pieces([word])
        vectors = embeddings.table[pieces].astype(np.float32)
        roots = np.sqrt(np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))
        return np.stack([vectors.sum(axis=0), (vectors / roots).sum(axis=0)])

    return Remembered(add_up)
