"""The knowledge's own words: those to mend spelling towards, and the pieces of which the embeddings make each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from chatbot.language.embeddings import load_embeddings
from chatbot.language.english import english_mark, load_english
from chatbot.language.kept import Arrays, Recipe, embeddings_mark, pack_texts, unpack_texts
from chatbot.language.text import normalise


@dataclass(frozen=True)
class Vocabulary:
    """right: words to mend towards. pieces: of all words that were curated or typed, as the embeddings have them."""

    right: frozenset[str]
    pieces: Mapping[str, NDArray[np.intp]]

    @classmethod
    def of(cls, curated: Sequence[str], typed: Sequence[str]) -> Self:
        """All words of curated texts are right, and of typed ones those that are English."""
        of_staff, of_patients = _words_in(curated), _words_in(typed)
        words = sorted(of_staff | of_patients)
        pieces = dict(zip(words, load_embeddings().pieces(words)))
        return cls(of_staff | (of_patients & load_english()), pieces)

    def pack(self) -> Arrays:
        """The words as texts, the pieces of all as one array and how many each has as another."""
        return {
            "words": pack_texts({"right": sorted(self.right), "words": tuple(self.pieces)}),
            "lengths": np.array([len(each) for each in self.pieces.values()], dtype=np.int64),
            "pieces": np.concatenate([[], *self.pieces.values()]).astype(np.int64),
        }

    @classmethod
    def unpack(cls, arrays: Arrays) -> Self:
        """What `pack` was given.

        Raises:
            ValueError, KeyError: this is nothing that `pack` has made.
        """
        right, words = unpack_texts(arrays["words"], "right", "words")
        lengths, pieces = arrays["lengths"].tolist(), arrays["pieces"].astype(np.intp, casting="same_kind")
        if len(lengths) != len(words) or sum(lengths) != len(pieces):
            raise ValueError("the pieces are not those of the words")
        ends = pairwise(accumulate(lengths, initial=0))
        return cls(frozenset(right), {word: pieces[start:end] for word, (start, end) in zip(words, ends)})


def vocabulary_recipe(curated: Sequence[str], typed: Sequence[str]) -> Recipe[Vocabulary]:
    """How to come by the vocabulary: arguments as in `Vocabulary.of`."""
    return Recipe(
        kind="vocabulary",
        ingredients=[list(curated), list(typed), english_mark(), embeddings_mark()],
        fit=lambda: Vocabulary.of(curated, typed),
        pack=Vocabulary.pack,
        unpack=Vocabulary.unpack,
    )


def _words_in(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in normalise(text).split())
