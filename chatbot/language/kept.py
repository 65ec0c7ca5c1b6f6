"""What a fitted model needs so that it can be kept and read again: plain arrays, from which nothing can be run."""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from chatbot.language.embeddings import load_embeddings

Model = TypeVar("Model")
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Recipe(Generic[Model]):
    """How to come by a model: what decides it, how to fit it, and how it becomes arrays and a model again.

    `ingredients` is anything that JSON can hold; equal ingredients must give equal models. `unpack` may raise any
    exception at arrays that `pack` did not make. `pack` returns nothing for a model that is not worth keeping.
    """

    kind: str
    ingredients: Sequence[Any]
    fit: Callable[[], Model]
    pack: Callable[[Model], Arrays]
    unpack: Callable[[Arrays], Model]


class Shelf(Protocol):
    """Where fitted models may be kept."""

    def obtain(self, recipe: Recipe[Model]) -> Model:
        """The model, kept or fitted."""


class NoShelf:
    """Keeps nothing: every model is fitted anew."""

    def obtain(self, recipe: Recipe[Model]) -> Model:
        """The model, fitted."""
        return recipe.fit()


NO_SHELF = NoShelf()


def embeddings_mark() -> int:
    """A checksum of the word embeddings, which decide every model here: of some of the rows, to be quick."""
    return zlib.crc32(load_embeddings().table[::500].tobytes())


def pack_texts(texts: Mapping[str, Sequence[str]]) -> NDArray[np.uint8]:
    """Named lists of texts as the bytes of one JSON object."""
    return np.frombuffer(json.dumps({name: list(each) for name, each in texts.items()}).encode(), dtype=np.uint8)


def unpack_texts(packed: NDArray[Any], *names: str) -> tuple[list[str], ...]:
    """The lists of texts with these names.

    Raises:
        ValueError: these are not such bytes.
        KeyError: a name is missing.
    """
    found = json.loads(packed.astype(np.uint8, casting="no").tobytes())
    lists = tuple(found[name] for name in names)
    if not all(isinstance(each, list) and set(map(type, each)) <= {str} for each in lists):
        raise ValueError("these are not lists of texts")
    return lists


def shaped(arrays: Arrays, name: str, dtype: type[np.generic], *shape: int) -> NDArray[Any]:
    """The array of that name.

    Raises:
        ValueError: it has another type or shape.
        KeyError: there is none.
    """
    found = arrays[name]
    if found.dtype != dtype or found.shape != shape:
        raise ValueError(f"{name} has type {found.dtype} and shape {found.shape}, not {dtype.__name__} and {shape}")
    return found
