"""YAML as staff write it: texts, lists and fields, each with its line, and plain words for what is wrong.

PyYAML's parser over libyaml reads the clinic's 6,000 phrasings in 0.07 s; ruamel.yaml's loaders and the pure
Python ones take 0.6 s. Its events are read here rather than its values: they show the lines, the anchors
(refused: a few of them can stand for gigabytes) and a field written twice, and every value stays the text
that was typed. `no`, `12:30` and `020 3442 1259` are neither a truth value nor numbers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from chatbot.knowledge.lines import ValuePath
from chatbot.knowledge.yaml_advice import line_of, mend_of

Value = str | None | list["Value"] | dict[str, "Value"]

#: The deepest value of a valid file is five levels down; deeper nesting is a mistake or an attack.
DEEPEST = 10

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EMPTY = {"", "~", "null"}
_TAB = re.compile(r"^ *\t[ \t]*\S", re.MULTILINE)
_UNSEEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Finding:
    """Something wrong in one file: a `Problem` that does not know its file yet."""

    line: int
    code: str
    message: str


@dataclass(frozen=True)
class Document:
    """What a file says. Where `broken`, it could not be read to the end and `value` is empty."""

    value: Value = None
    lines: Mapping[ValuePath, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    broken: bool = False


class _BrokenError(Exception):
    def __init__(self, line: int, code: str, message: str) -> None:
        self.finding = Finding(line, code, message)


def read_yaml(data: bytes) -> Document:
    """The document that the bytes of a file hold; never an exception."""
    try:
        text = _decode(data)
        _refuse_unreadable(text)
        return _Reader(text).document()
    except _BrokenError as broken:
        return Document(findings=(broken.finding,), broken=True)
    except yaml.YAMLError as error:
        line = min(line_of(error), len(text.splitlines()) or 1)  # libyaml counts on past the end
        return Document(findings=(Finding(line, "yaml", mend_of(error)),), broken=True)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "A character here is not in UTF-8. Save the file in an editor with the encoding UTF-8."
        raise _BrokenError(line, "encoding", message) from error


def _refuse_unreadable(text: str) -> None:
    """Tabs and unseen characters, about which the parser speaks least clearly."""
    if tab := _TAB.search(text):
        line = text.count("\n", 0, tab.start()) + 1
        raise _BrokenError(line, "tab", "This line starts with a tab. Use spaces: two for each step to the right.")
    if unseen := _UNSEEN.search(text):
        line = text.count("\n", 0, unseen.start()) + 1
        message = f"There is a character here that cannot be seen (U+{ord(unseen[0]):04X}). Delete it."
        raise _BrokenError(line, "unseen-character", message)


class _Reader:
    """Builds the value from the parser's events, keeping the line of everything."""

    def __init__(self, text: str) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_PARSER)
        self.lines: dict[ValuePath, int] = {}
        self.findings: list[Finding] = []

    def document(self) -> Document:
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return Document()
        value = self._value((), next(self.events))
        next(self.events)  # the end of the document
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            message = "Three dashes start a second document here. Remove that line."
            self.findings.append(Finding(_line(after), "second-document", message))
        return Document(value, self.lines, tuple(self.findings))

    def _value(self, path: ValuePath, event: yaml.Event) -> Value:
        self.lines.setdefault(path, _line(event))
        _refuse(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._fields(path)
        return _scalar(event)

    def _list(self, path: ValuePath) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value((*path, len(items)), event))
        return items

    def _fields(self, path: ValuePath) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            _refuse(event, path)
            name = _name(event)
            if name in fields:
                self._report_twice(path, name, event)
            self.lines[(*path, name)] = _line(event)
            fields[name] = self._value((*path, name), next(self.events))
        return fields

    def _report_twice(self, path: ValuePath, name: str, event: yaml.Event) -> None:
        first = self.lines[(*path, name)]
        message = f"'{name}' is written twice, first on line {first}. Keep one of the two."
        self.findings.append(Finding(_line(event), "duplicate-field", message))


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 0


def _refuse(event: yaml.Event, path: ValuePath) -> None:
    """Raise for the parts of YAML that are of no use to staff and can do harm or mislead."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        message = "Words that start with * or & have a special meaning. Put the whole text in double quotes."
        raise _BrokenError(_line(event), "alias", message)
    if getattr(event, "tag", None):
        message = "A word that starts with ! has a special meaning. Put the whole text in double quotes."
        raise _BrokenError(_line(event), "tag", message)
    if len(path) > DEEPEST:
        raise _BrokenError(
            _line(event), "too-deep", "This is nested too deeply. Check the dashes and spaces of the line."
        )


def _scalar(event: yaml.Event) -> str | None:
    text = str(getattr(event, "value", ""))
    return None if not getattr(event, "style", "") and text in _EMPTY else text


def _name(event: yaml.Event) -> str:
    if not isinstance(event, yaml.ScalarEvent):
        message = "Here the name of a field is expected. If this is text, put it in double quotes."
        raise _BrokenError(_line(event), "bad-name", message)
    return str(event.value)
