"""Where things stand in the files: the line of every field, so that each finding can point at its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: The way to a value from the top of its file: field names and places in lists, counted from 0.
ValuePath = tuple[str | int, ...]


def nearest_line(lines: Mapping[ValuePath, int], path: ValuePath) -> int:
    """The line of the value, or of the closest value around it that is there; 0 where nothing is."""
    for end in range(len(path), -1, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 0


@dataclass(frozen=True)
class LineIndex:
    """The lines of all files. `homes` has the file of each intent and its place among that file's intents."""

    folder: str = ""
    files: Mapping[str, Mapping[ValuePath, int]] = field(default_factory=dict)
    homes: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def of(self, intent_id: str, *path: str | int) -> tuple[str, int]:
        """File and line of an intent, or of a value in it: `of("prp_definition", "phrasings", 3)`."""
        if intent_id not in self.homes:
            return self.folder, 0
        file, place = self.homes[intent_id]
        return file, self.at(file, "intents", place, *path)

    def at(self, file: str, *path: str | int) -> int:
        """Line of a value of a file: `at("intents/clinic.yaml", "phone")`; 0 for an unknown file."""
        return nearest_line(self.files.get(file, {}), path)

    def named(self, name: str) -> str:
        """The path under which findings name a file of the folder: `named("clinic.yaml")`."""
        return f"{self.folder}/{name}"
