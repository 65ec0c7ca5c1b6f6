"""The wordings of the safety rules, compiled once; kept as plain text, since compiling them takes a second."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from chatbot.dialogue.safety_wordings import Alphabet, Compiler, Finder, Search, words_of
from chatbot.language.kept import Arrays, Recipe


@dataclass(frozen=True)
class CompiledWordings:
    """What a message is read with.

    vocabulary: the words of all wordings, from which the alphabet is made. lists: the characters of listed words.
    """

    vocabulary: tuple[str, ...]
    lists: Mapping[str, frozenset[str]]
    finder: Finder

    @classmethod
    def of(
        cls, wordings: Mapping[int, Sequence[str]], listed: Mapping[str, Sequence[str]], also: Iterable[str]
    ) -> Self:
        """Compile the wordings of each name; `listed` are the words that they may name, `also` further known words."""
        groups = [*wordings.values(), *listed.values()]
        vocabulary = sorted({*also, *(word for group in groups for word in words_of(group))})
        compiler = Compiler(Alphabet(vocabulary), listed)
        lists = {name: compiler.wordings(group).heads for name, group in listed.items()}
        return cls(tuple(vocabulary), lists, Finder.of(compiler, wordings))

    def pack(self) -> Arrays:
        """Everything as one JSON text; a class of characters that comes often is written once."""
        classes: dict[frozenset[str], int] = {}

        def number(codes: frozenset[str]) -> int:
            return classes.setdefault(codes, len(classes))

        searches = [
            [each.name, each.regex, number(each.heads), number(each.rarest), [number(part) for part in each.others]]
            for each in self.finder.searches
        ]
        said = {
            "vocabulary": self.vocabulary,
            "lists": {name: number(codes) for name, codes in self.lists.items()},
            "single": self.finder.single,
            "searches": searches,
            "classes": ["".join(sorted(codes)) for codes in classes],
        }
        return {"json": np.frombuffer(json.dumps(said).encode(), dtype=np.uint8)}

    @classmethod
    def unpack(cls, arrays: Arrays) -> Self:
        """What `pack` was given.

        Raises:
            ValueError, KeyError, TypeError, IndexError: this is nothing that `pack` has made.
        """
        said: dict[str, Any] = json.loads(arrays["json"].astype(np.uint8, casting="no").tobytes())
        classes = [frozenset(codes) for codes in said["classes"]]
        searches = [
            Search(name, regex, classes[heads], classes[rarest], tuple([classes[part] for part in others]))
            for name, regex, heads, rarest, others in said["searches"]
        ]
        lists = {name: classes[codes] for name, codes in said["lists"].items()}
        return cls(tuple(said["vocabulary"]), lists, Finder(said["single"], searches))


def wordings_recipe(
    wordings: Mapping[int, Sequence[str]], listed: Mapping[str, Sequence[str]], also: Iterable[str]
) -> Recipe[CompiledWordings]:
    """How to come by the compiled wordings: arguments as in `CompiledWordings.of`."""
    further = sorted(also)
    return Recipe(
        kind="safety_wordings",
        ingredients=[list(wordings.items()), dict(listed), further],
        fit=lambda: CompiledWordings.of(wordings, listed, further),
        pack=CompiledWordings.pack,
        unpack=CompiledWordings.unpack,
    )
