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
    spec = find_spec("symspellpy")
    path = (Path(spec.origin).parent if spec and spec.origin else Path()) / _LIST
    if not path.is_file():
        raise MissingWeightsError(path)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.split(" ", 1)[0] for line in lines)
