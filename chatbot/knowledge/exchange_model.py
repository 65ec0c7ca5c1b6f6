"""What passes between the knowledge and the files of other programs, and the report on what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["csv", "excel", "rasa", "qnamaker", "qnabot", "dialogflow"]
FORMATS: tuple[Format, ...] = ("csv", "excel", "rasa", "qnamaker", "qnabot", "dialogflow")

#: What became of something: taken over under another name, put together with another row, mended, or not taken over.
Fate = Literal["mapped", "merged", "cleaned", "left out"]


@dataclass(frozen=True)
class Note:
    """A line of the report; `place` is a row of a table, a line of a text or the number of an item, 0 for the file."""

    place: int
    fate: Fate
    message: str

    def __str__(self) -> str:
        where = f"row {self.place}" if self.place else "the file"
        return f"{where}: {self.fate}: {self.message}"


def merged_note(place: int, others: Sequence[int], why: str) -> list[Note]:
    """The note on rows that became one entry with the first; none where there are no others."""
    if not others:
        return []
    rows = f"row {others[0]}" if len(others) == 1 else f"{len(others)} rows from {others[0]} to {others[-1]}"
    return [Note(place, "merged", f"with {rows}, {why}")]


@dataclass(frozen=True)
class Entry:
    """A question with its answer, as another program keeps it; an empty value says that the file has none.

    others: further fields of an intent by name, in words as in YAML, such as kind, source and related.
    """

    place: int
    question: str
    answer: str
    phrasings: tuple[str, ...] = ()
    id: str = ""
    topic: str = ""
    others: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Import:
    """The entries of a file, and what reading them did to its contents."""

    form: Format
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Export:
    """A file for another program, and what of the knowledge it cannot hold."""

    data: bytes
    notes: tuple[Note, ...]
