"""An English word list, so that real words are never taken for misspellings."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from chatbot.errors import MissingWeightsError

_LIST = "frequency_dictionary_en_82_765.txt"


@cache
def load_english() -> frozenset[str]:
    """The 82,765 words that lie in the installed package `symspellpy`, read once a process.

    Raises:
        MissingWeightsError: the package is not installed.
    """
    return frozenset(_ranked())


@cache
def load_common(count: int) -> frozenset[str]:
    """The most frequent words of that list.

    Raises:
        MissingWeightsError: the package is not installed.
    """
    return frozenset(_ranked()[:count])


@cache
def _ranked() -> tuple[str, ...]:
    """The words, the most frequent first."""
    spec = find_spec("symspellpy")
    path = (Path(spec.origin).parent if spec and spec.origin else Path()) / _LIST
    if not path.is_file():
        raise MissingWeightsError(path)
    return tuple(path.read_text(encoding="utf-8-sig").split()[::2])  # each line is a word and how often it occurs
