"""A finding about the knowledge: where it is, what is wrong, and how to mend it."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "notice"]


@dataclass(frozen=True, order=True)
class Problem:
    """One finding. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    code: str
    message: str
    level: Level = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.level}: {self.message} [{self.code}]"
