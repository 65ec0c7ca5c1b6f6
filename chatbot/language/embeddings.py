"""Static word embeddings: a fixed vector for each word piece, no neural network at run time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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


@dataclass(frozen=True)
class StaticEmbeddings:
    """The WordLlama table (github.com/dleemiller/WordLlama) of shape (32000, 256) and its tokenizer."""

    table: NDArray[np.float16]
    tokenizer: "Tokenizer"

    def pieces(self, texts: Sequence[str]) -> list[NDArray[np.intp]]:
        """The word-piece numbers of each text; an empty array where a text has none."""
        limit = len(self.table)
        encodings = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array([i for i in e.ids if i < limit], dtype=np.intp) for e in encodings]


@cache
def load_embeddings() -> StaticEmbeddings:
    """The embeddings that lie in the installed package `wordllama`, read once a process, without network.

    The package itself is not imported: doing so would configure the root logger and import its training tools.

    Raises:
        MissingWeightsError: the package or its weights are not installed.
    """
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    spec = find_spec("wordllama")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    if not (folder / _WEIGHTS).is_file():
        raise MissingWeightsError(folder / _WEIGHTS)
    (table,) = load_file(folder / _WEIGHTS).values()
    tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return StaticEmbeddings(table, tokenizer)
