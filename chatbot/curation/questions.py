"""Labelled questions: messages as patients type them, with the intent that each one means."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatbot.errors import QuestionsError

#: Labels that are no intents: nothing fits; an alarming message.
FALLBACK = "fallback"
SAFETY = "safety"

Group = Literal["in scope", "out of scope", "safety", "follow-up", "several", "single"]

#: Labelled by tier and not by intent: `evaluate --safety` reads it.
_SAFETY_SET = "safety.jsonl"


@dataclass(frozen=True)
class Question:
    """A message and what it means.

    expected: its label; intents: every label that is as good; before: earlier messages of the conversation;
    together: the intents that the message asks for, where it was written to see how messages are split.
    """

    text: str
    expected: str
    intents: frozenset[str]
    before: tuple[str, ...] = ()
    together: tuple[str, ...] = ()

    @property
    def group(self) -> Group:
        """With which others it is counted; alarming messages are kept apart from all."""
        if self.expected == SAFETY:
            return "safety"
        if self.together:
            return "several" if len(self.together) > 1 else "single"
        if self.before:
            return "follow-up"
        return "out of scope" if self.expected == FALLBACK else "in scope"


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a JSONL or CSV file, or of every such file of a folder.

    Raises:
        QuestionsError: something cannot be read; the message names each file and line.
    """
    inside = path.iterdir() if path.is_dir() else ()
    files = sorted(p for p in inside if p.suffix in _READERS and p.name != _SAFETY_SET) or [path]
    found: list[Question] = []
    problems: list[str] = []
    for file in files:
        for line, row in _rows(file):
            try:
                found += _questions(row)
            except ValidationError as error:
                problems += [f"{file}:{line}: {_explain(e['loc'], e['msg'])}" for e in error.errors()]
    if problems:
        raise QuestionsError("\n".join(problems))
    if not found:
        raise QuestionsError(f"{path}: no labelled questions in it.")
    return tuple(found)


_Label = Annotated[str, Field(min_length=1)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")  # question files carry notes of their own, such as where a row is from


class _Row(_Lenient):
    text: str
    intent: _Label
    also: tuple[_Label, ...] = ()


class _Said(_Lenient):
    user: str
    intent: _Label
    also: tuple[_Label, ...] = ()


class _Conversation(_Lenient):
    turns: Annotated[tuple[_Said, ...], Field(min_length=2)]


class _Compound(_Lenient):
    text: str
    intents: Annotated[tuple[_Label, ...], Field(min_length=1)]


def _questions(row: object) -> list[Question]:
    """The questions of one row; a conversation asks one with each of its later turns."""
    if isinstance(row, Mapping) and "turns" in row:
        turns = _Conversation.model_validate(row).turns
        said = tuple(turn.user for turn in turns)
        return [_question(turn.user, turn.intent, turn.also, said[:n]) for n, turn in enumerate(turns) if n]
    if isinstance(row, Mapping) and "intents" in row:
        compound = _Compound.model_validate(row)
        name = " + ".join(compound.intents)
        return [Question(compound.text, name, frozenset(compound.intents), together=compound.intents)]
    plain = _Row.model_validate(row)
    return [_question(plain.text, plain.intent, plain.also)]


def _question(text: str, intent: str, also: tuple[str, ...], before: tuple[str, ...] = ()) -> Question:
    return Question(text, intent, frozenset({intent, *also}), before)


def _rows(file: Path) -> Iterator[tuple[int, object]]:
    """The rows of a file with the line that each is on."""
    reader = _READERS.get(file.suffix)
    if reader is None:
        raise QuestionsError(f"{file}: labelled questions are read from {' or '.join(_READERS)} files.")
    try:
        yield from reader(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise QuestionsError(f"{file}: {error}") from error


def _json_rows(file: Path) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise QuestionsError(f"{file}:{number}: no valid JSON: {error.msg}.") from error


def _csv_rows(file: Path) -> Iterator[tuple[int, object]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            also = re.split(r"[\s,;|]+", (row.pop("also", None) or "").strip())
            filled = {name: value for name, value in row.items() if value is not None}
            yield reader.line_num, {**filled, "also": [label for label in also if label]}


def _explain(place: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, place)) or 'row'}: {message}."


_READERS: Mapping[str, Callable[[Path], Iterator[tuple[int, object]]]] = {
    ".jsonl": _json_rows,
    ".csv": _csv_rows,
}
