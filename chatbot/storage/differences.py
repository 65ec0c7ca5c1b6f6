"""What differs between two revisions, as staff read it: by intent and field rather than by line."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.yaml_text import Value, read_yaml

#: How a value came to differ; `rewritten` is a text that was not read as fields, or only its comments and layout.
How = Literal["added", "removed", "changed", "reordered", "rewritten"]

#: The field of every intent → its values, in order.
_Fields = dict[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Difference:
    """A field that differs: in which intent (none: of the file itself), and the values that it lost and gained."""

    file: str
    intent: str | None
    field: str
    how: How
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = " · ".join(part for part in (self.file, self.intent, self.field) if part)
        lines = [f"{where} ({self.how})"]
        for sign, values in (("-", self.lost), ("+", self.gained)):
            lines += [f"  {sign} {line}" for value in values for line in value.splitlines() or [""]]
        return "\n".join(lines)


def differences(before: KnowledgeFiles, after: KnowledgeFiles) -> tuple[Difference, ...]:
    """Every difference, by file, in the order in which the fields stand; an intent that moved is in both files."""
    return tuple(
        difference
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
        for difference in _in_file(name, before.get(name), after.get(name))
    )


def _in_file(name: str, before: str | None, after: str | None) -> Iterator[Difference]:
    old, new = _fields(name, before), _fields(name, after)
    if old is None or new is None:
        yield Difference(name, None, "", "rewritten")
        return
    found = [
        _difference(name, path, old.get(path), new.get(path))
        for path in {**old, **new}
        if old.get(path) != new.get(path)
    ]
    yield from found or [Difference(name, None, "comments or layout", "rewritten")]


def _difference(name: str, path: Sequence[str], old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> Difference:
    of_intent = path[0] == "intents" and len(path) > 1
    intent, field = (path[1], path[2:]) if of_intent else (None, path)
    lost = tuple((Counter(old or ()) - Counter(new or ())).elements())
    gained = tuple((Counter(new or ()) - Counter(old or ())).elements())
    return Difference(name, intent, ".".join(field), _how(old, new, lost, gained), lost, gained)


def _how(
    old: tuple[str, ...] | None, new: tuple[str, ...] | None, lost: tuple[str, ...], gained: tuple[str, ...]
) -> How:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    return "changed" if lost or gained else "reordered"


def _fields(name: str, text: str | None) -> _Fields | None:
    """The fields of a file; none of a missing one, and None where it cannot be read as fields."""
    if text is None:
        return {}
    if not name.endswith((".yaml", ".yml")):
        return {("lines",): tuple(text.splitlines())}
    document = read_yaml(text.encode("utf-8", "surrogatepass"))
    return None if document.broken else dict(_walk(document.value, ()))


def _walk(value: Value, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The paths to all values; a list of things with an id is walked by id, any other is a value with its items."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, (*path, name))
    elif isinstance(value, list) and value and (ids := _ids(value)):
        for name, inner in zip(ids, value):
            yield from _walk(inner, (*path, name))
    elif isinstance(value, list):
        yield path or ("text",), tuple(_said(item) for item in value)
    else:
        yield path or ("text",), (_said(value),)


def _ids(items: Sequence[Value]) -> list[str]:
    """The ids of the items, if each has one of its own."""
    ids = [str(item.get("id", "")) for item in items if isinstance(item, Mapping)]
    return ids if len(set(ids)) == len(items) and all(ids) else []


def _said(value: Value) -> str:
    """The value in a line."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
