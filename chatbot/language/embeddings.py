"""Static word embeddings: a fixed vector for each word piece, no neural network at run time."""

import json
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import MissingWeightsError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DIMENSIONS = 256

_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"


class StaticEmbeddings:
    """The WordLlama table (github.com/dleemiller/WordLlama) of shape (32000, 256), and its tokenizer.

    The table is mapped into memory: only what is looked up is read, and processes share it. The tokenizer is read for
    the first text whose pieces were not remembered; that takes a tenth of a second.
    """

    def __init__(self, table: NDArray[np.float16], tokenizer: Path) -> None:
        self.table = table
        self._tokenizer_file = tokenizer
        self._remembered: dict[str, NDArray[np.intp]] = {}

    @cached_property
    def tokenizer(self) -> "Tokenizer":
        """What takes texts apart."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def pieces(self, texts: Sequence[str]) -> list[NDArray[np.intp]]:
        """The word-piece numbers of each text; an empty array where a text has none."""
        known = self._remembered
        return [known[text] if text in known else self._take_apart(text) for text in texts]

    def remember(self, pieces: Mapping[str, NDArray[np.intp]]) -> None:
        """Take these for the pieces of these texts, as they came out before."""
        self._remembered.update(pieces)

    def _take_apart(self, text: str) -> NDArray[np.intp]:
        limit = len(self.table)
        (encoding,) = self.tokenizer.encode_batch_fast([text], add_special_tokens=False)
        return np.array([number for number in encoding.ids if number < limit], dtype=np.intp)


@cache
def load_embeddings() -> StaticEmbeddings:
    """The embeddings that lie in the installed package `wordllama`, without network.

    The package itself is not imported: doing so would configure the root logger and import its training tools.

    Raises:
        MissingWeightsError: the package or its weights are not installed.
    """
    spec = find_spec("wordllama")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    if not (folder / _WEIGHTS).is_file():
        raise MissingWeightsError(folder / _WEIGHTS)
    return StaticEmbeddings(_mapped(folder / _WEIGHTS), folder / _TOKENIZER)


def _mapped(file: Path) -> NDArray[np.float16]:
    """The one array of a safetensors file: the length of a header, the header in JSON, the numbers."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        (about,) = json.loads(opened.read(length)).values()
    if about["dtype"] != "F16":
        raise MissingWeightsError(file)
    return np.asarray(np.memmap(file, np.float16, "r", 8 + length + about["data_offsets"][0], tuple(about["shape"])))
