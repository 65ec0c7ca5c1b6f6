"""The knowledge of a folder as it was read and checked before, so that a start need not read YAML again."""

from pathlib import Path

import numpy as np

from chatbot.knowledge.files import fingerprint, load_knowledge
from chatbot.knowledge.model import Knowledge
from chatbot.language.kept import Arrays, Recipe, Shelf


def obtain_knowledge(folder: Path, shelf: Shelf) -> Knowledge:
    """The knowledge in a folder, kept if no byte of its files has changed since.

    Raises:
        KnowledgeError: something in the folder is wrong; the error lists every problem. Nothing is kept of it.
    """
    mark = fingerprint(folder)
    if mark is None:
        return load_knowledge(folder)

    def pack(knowledge: Knowledge) -> Arrays:
        if fingerprint(folder) != mark:  # somebody is saving just now: this is neither what was nor what will be
            return {}
        return {"json": np.frombuffer(knowledge.model_dump_json().encode(), dtype=np.uint8)}

    return shelf.obtain(
        Recipe(
            kind="knowledge",
            ingredients=[mark],
            fit=lambda: load_knowledge(folder),
            pack=pack,
            unpack=lambda arrays: Knowledge.model_validate_json(arrays["json"].tobytes()),
        )
    )
