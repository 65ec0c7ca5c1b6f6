"""YAML as it is written into the files: values of an intent as lines, in the manner of the clinic's own files."""

import json
from collections.abc import Iterable, Iterator

import yaml

from chatbot.knowledge.model import Intent, Review, Source
from chatbot.knowledge.typed_text import one_line

#: The order in which the fields of an intent are written.
FIELDS = (
    *("id", "question", "kind", "tier", "phrasings", "answer"),
    *("source", "related", "safety_line", "reviewed"),
)

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_ENDLESS = 1_000_000
_FLOW = set(",[]{}?:#")


def scalar(text: str, *, inside_brackets: bool = False) -> str:
    """One line of text as a value, in double quotes only where YAML would read it as something else."""
    text = one_line(text)
    dumped = yaml.dump(text, Dumper=_DUMPER, allow_unicode=True, width=_ENDLESS)
    plain = dumped in {f"{text}\n", f"{text}\n...\n"} and not (inside_brackets and _FLOW & set(text))
    return text if plain else json.dumps(text, ensure_ascii=False)


def field_lines(intent: Intent, field: str) -> list[str]:
    """A field of an intent with its name, as it stands at the left margin; no line where it says nothing."""
    value = getattr(intent, field)
    if value in (None, (), False):
        return []
    if field == "answer":
        return ["answer: |", *(f"  {line}" if line else "" for line in intent.answer.split("\n"))]
    if field == "phrasings":
        return ["phrasings:", *(f"  - {scalar(text)}" for text in intent.phrasings)]
    if field == "source" and isinstance(intent.source, tuple):
        return ["source:", *(f"  - {_source(source)}" for source in intent.source)]
    return [f"{field}: {_inline(value)}"]


def brackets(texts: Iterable[str]) -> str:
    """A list on one line."""
    return f"[{', '.join(scalar(text, inside_brackets=True) for text in texts)}]"


def intent_lines(intent: Intent) -> list[str]:
    """A whole intent as an item of a list at the left margin."""
    lines = [line for field in FIELDS for line in field_lines(intent, field)]
    return list(_as_item(lines))


def _as_item(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{'  ' if number else '- '}{line}" if line else ""


def _inline(value: object) -> str:
    if isinstance(value, Review):
        by = scalar(value.by, inside_brackets=True)
        return f"{{by: {by}, on: {value.on}, due: {value.due}}}"
    if isinstance(value, tuple):
        return brackets(map(str, value))
    return "true" if value is True else scalar(str(value))


def _source(source: Source) -> str:
    section = scalar(source.section, inside_brackets=True)
    return f"{{article: {source.article}, section: {section}}}"
