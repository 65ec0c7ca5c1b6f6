"""What differs between two states of the knowledge, for people: intent by intent, field by field, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from markupsafe import Markup

from chatbot.knowledge.model import Intent, Knowledge, Review

Outcome = Literal["new", "changed", "retired"]

_WORD = re.compile(r"\s+|\S+")
_TEXTS = ("question", "answer")
_PLAIN = ("kind", "source", "related", "safety_line", "reviewed")
_NAMES = {
    "question": "Question",
    "answer": "Answer",
    "kind": "Kind",
    "source": "Source",
    "related": "Related",
    "safety_line": "111/999 line",
    "reviewed": "Review",
}


@dataclass(frozen=True)
class Field:
    """A field that differs; `shown` marks what was taken out and what was put in."""

    name: str
    shown: Markup


@dataclass(frozen=True)
class Difference:
    """An intent that differs."""

    id: str
    question: str
    outcome: Outcome
    fields: tuple[Field, ...]


def differences(before: Knowledge, after: Knowledge) -> tuple[Difference, ...]:
    """The intents that are new, changed or retired, in the order of the files, and changes beside the intents."""
    changed = (_difference(before.by_id.get(intent.id), intent) for intent in after.intents())
    retired = (
        Difference(intent.id, intent.question, "retired", ())
        for intent in before.intents()
        if intent.id not in after.by_id
    )
    beside = _beside(before, after)
    return (*filter(None, changed), *retired, *((beside,) if beside else ()))


def marked(before: str, after: str) -> Markup:
    """The second text with what was put in, and between it what was taken out of the first."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return Markup("").join(_step(old[a:b], new[c:d]) for _, a, b, c, d in steps)


def _step(old: Sequence[str], new: Sequence[str]) -> Markup:
    if old == new:
        return Markup("{}").format("".join(new))
    removed = Markup("<del>{}</del>").format("".join(old)) if old else Markup("")
    added = Markup("<ins>{}</ins>").format("".join(new)) if new else Markup("")
    return removed + added


def _difference(old: Intent | None, new: Intent) -> Difference | None:
    if old == new:
        return None
    fields = tuple(_fields(old, new)) if old else tuple(_whole(new))
    return Difference(new.id, new.question, "changed" if old else "new", fields)


def _fields(old: Intent, new: Intent) -> Iterator[Field]:
    for name in _TEXTS:
        if getattr(old, name) != getattr(new, name):
            yield Field(_NAMES[name], marked(getattr(old, name), getattr(new, name)))
    yield from _phrasings("Phrasings", old.phrasings, new.phrasings)
    for name in _PLAIN:
        if getattr(old, name) != getattr(new, name):
            yield Field(_NAMES[name], _step([_said(getattr(old, name))], [_said(getattr(new, name))]))


def _whole(intent: Intent) -> Iterator[Field]:
    yield Field(_NAMES["answer"], _step([], [intent.answer]))
    yield from _phrasings("Phrasings", (), intent.phrasings)


def _phrasings(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Field]:
    removed = [Markup("<del>{}</del>").format(text) for text in old if text not in set(new)]
    added = [Markup("<ins>{}</ins>").format(text) for text in new if text not in set(old)]
    if removed or added:
        yield Field(name, Markup("<br>").join([*removed, *added]))


def _beside(before: Knowledge, after: Knowledge) -> Difference | None:
    fields = tuple(_phrasings("Out of scope", before.out_of_scope, after.out_of_scope))
    if before.safety != after.safety or before.safety_messages != after.safety_messages:
        fields = (*fields, Field("Safety rules", Markup("changed")))
    for name in ("clinic", "articles", "lexicon", "decision"):
        if getattr(before, name) != getattr(after, name):
            fields = (*fields, Field(f"{name}.yaml", Markup("changed")))
    return Difference("", "Beside the answers", "changed", fields) if fields else None


def _said(value: object) -> str:
    """A value as staff would say it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Review):
        return f"{value.by} on {value.on:%-d %B %Y}, due {value.due:%-d %B %Y}"
    if isinstance(value, tuple):
        return ", ".join(str(getattr(each, "section", each)) for each in value) or "none"
    return str(value or "none")
