"""Labelled questions: messages as patients type them, with the intent that each one means."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path, PurePath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatbot.errors import QuestionsError
from chatbot.knowledge.folder import EVALUATION, KnowledgeFiles

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
    found = parse_questions({str(file): _text(file) for file in files})
    if not found:
        raise QuestionsError(f"{path}: no labelled questions in it.")
    return found


def questions_of(files: KnowledgeFiles) -> tuple[Question, ...]:
    """The labelled questions among the files of a knowledge base; none where it has none.

    Raises:
        QuestionsError: something cannot be read; the message names each file and line.
    """
    names = [name for name in files if name.startswith(f"{EVALUATION}/") and name.endswith(tuple(_READERS))]
    return parse_questions({name: files[name] for name in names if not name.endswith(f"/{_SAFETY_SET}")})


def parse_questions(texts: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions of texts by their file names, as JSONL or CSV.

    Raises:
        QuestionsError: something cannot be read; the message names each file and line.
    """
    found: list[Question] = []
    problems: list[str] = []
    for file, text in texts.items():
        for line, row in _rows(file, text):
            try:
                found += _questions(row)
            except ValidationError as error:
                problems += [f"{file}:{line}: {_explain(e['loc'], e['msg'])}" for e in error.errors()]
    if problems:
        raise QuestionsError("\n".join(problems))
    return tuple(found)


def _text(file: Path) -> str:
    if file.suffix not in _READERS:
        raise QuestionsError(f"{file}: labelled questions are read from {' or '.join(_READERS)} files.")
    try:
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{file}: {error}") from error


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


def _rows(file: str, text: str) -> Iterator[tuple[int, object]]:
    """The rows of a file with the line that each is on."""
    reader = _READERS[PurePath(file).suffix]
    try:
        yield from reader(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise QuestionsError(f"{file}:{error.lineno}: no valid JSON: {error.msg}.") from error
    except csv.Error as error:
        raise QuestionsError(f"{file}: {error}") from error


def _json_rows(text: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise json.JSONDecodeError(error.msg, "\n" * (number - 1), number - 1) from error


def _csv_rows(text: str) -> Iterator[tuple[int, object]]:
    reader = csv.DictReader(StringIO(text, newline=""))
    for row in reader:
        also = re.split(r"[\s,;|]+", (row.pop("also", None) or "").strip())
        filled = {name: value for name, value in row.items() if value is not None}
        yield reader.line_num, {**filled, "also": [label for label in also if label]}


def _explain(place: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, place)) or 'row'}: {message}."


_READERS: Mapping[str, Callable[[str], Iterator[tuple[int, object]]]] = {
    ".jsonl": _json_rows,
    ".csv": _csv_rows,
}
