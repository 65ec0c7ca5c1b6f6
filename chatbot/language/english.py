"""An English word list, so that real words are never taken for misspellings."""

from collections.abc import Container
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

from chatbot.errors import MissingWeightsError

_LIST = "frequency_dictionary_en_82_765.txt"


class English(Container[str]):
    """The same words, read when the first is looked up: few messages need them, and a start need not wait."""

    def __contains__(self, word: object) -> bool:
        return word in load_english()


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
    return tuple(_data().decode("utf-8-sig").split()[::2])  # each line is a word and how often it occurs


def english_mark() -> int:
    """A checksum of the word list.

    Raises:
        MissingWeightsError: the package is not installed.
    """
    return crc32(_data())


def _data() -> bytes:
    spec = find_spec("symspellpy")
    path = (Path(spec.origin).parent if spec and spec.origin else Path()) / _LIST
    if not path.is_file():
        raise MissingWeightsError(path)
    return path.read_bytes()
