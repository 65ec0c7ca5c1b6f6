"""The knowledge of a folder as it was read and checked before, so that a start need not read YAML again."""

import json
from pathlib import Path

import numpy as np

from chatbot.knowledge.folder import fingerprint
from chatbot.knowledge.model import Knowledge
from chatbot.knowledge.plain import as_plain, from_plain
from chatbot.language.kept import Arrays, Recipe, Shelf


def obtain_knowledge(folder: Path, shelf: Shelf) -> Knowledge:
    """The knowledge in a folder, kept if no byte of its files has changed since.

    Raises:
        KnowledgeError: something in the folder is wrong; the error lists every problem. Nothing is kept of it.
    """
    mark = fingerprint(folder)
    if mark is None:
        return _read(folder)

    def pack(knowledge: Knowledge) -> Arrays:
        if fingerprint(folder) != mark:  # somebody is saving just now: this is neither what was nor what will be
            return {}
        return {"json": np.frombuffer(json.dumps(as_plain(knowledge)).encode(), dtype=np.uint8)}

    return shelf.obtain(
        Recipe(
            kind="knowledge",
            ingredients=[mark],
            fit=lambda: _read(folder),
            pack=pack,
            unpack=lambda arrays: from_plain(json.loads(arrays["json"].tobytes())),
        )
    )


def _read(folder: Path) -> Knowledge:
    # Deferred: YAML and what explains its mistakes take a tenth of a second, which kept knowledge need not pay.
    from chatbot.knowledge.files import load_knowledge

    return load_knowledge(folder)
