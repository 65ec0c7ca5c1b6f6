"""`check`: everything that is wrong or could be better in the knowledge."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Literal

from chatbot.curation.lint_base import Desk, Lint
from chatbot.curation.lint_facts import lint_facts
from chatbot.curation.lint_markdown import lint_markdown
from chatbot.curation.lint_phones import lint_phones
from chatbot.curation.lint_phrasings import Rehearsed, lint_misplaced, lint_phrasings
from chatbot.curation.lint_prose import lint_prose
from chatbot.curation.lint_review import lint_review
from chatbot.curation.lint_safety import lint_safety
from chatbot.curation.lint_safety_line import lint_safety_line
from chatbot.curation.lint_stale import lint_stale
from chatbot.curation.lint_wording import lint_wording
from chatbot.knowledge.files import Reading
from chatbot.knowledge.problems import Level, Problem

Format = Literal["text", "json", "github"]

LINTS: tuple[Lint, ...] = (
    lint_markdown,
    lint_phones,
    lint_phrasings,
    lint_prose,
    lint_review,
    lint_safety_line,
    lint_wording,
)
_LEVELS: tuple[Level, ...] = ("error", "warning", "notice")


def check(
    reading: Reading, *, today: date, articles: Path | None = None, matcher: Rehearsed | None = None
) -> tuple[Problem, ...]:
    """The problems of the reading and, if the knowledge can be used, the lints' findings, by file and line.

    With a folder of articles the answers are compared with them, with a matcher the phrasings are put to it and to the
    gate.
    """
    found = set(reading.problems)
    if reading.knowledge is not None:
        found.update(_lint(Desk(reading.knowledge, reading.lines, today), articles, matcher))
    return tuple(sorted(found))


def _lint(desk: Desk, articles: Path | None, matcher: Rehearsed | None) -> Iterator[Problem]:
    for lint in LINTS:
        yield from lint(desk)
    if articles is not None:
        yield from lint_facts(desk, articles)
        yield from lint_stale(desk, articles)
    if matcher is not None:
        yield from lint_misplaced(desk, matcher)
        yield from lint_safety(desk)  # compiles the gate, which takes seconds like fitting the matcher


def render(problems: Sequence[Problem], form: Format = "text") -> str:
    """The problems as lines for people, as JSON, or as annotations of GitHub Actions."""
    if form == "json":
        counts = dict(zip(_LEVELS, _counts(problems), strict=True))
        return json.dumps({"problems": [asdict(p) for p in problems], "counts": counts}, indent=2, ensure_ascii=False)
    if form == "github":
        return "\n".join(_annotation(problem) for problem in problems)
    return "\n".join([*(str(problem) for problem in problems), _summary(problems)])


def _counts(problems: Sequence[Problem]) -> list[int]:
    counts = Counter(problem.level for problem in problems)
    return [counts[level] for level in _LEVELS]


def _summary(problems: Sequence[Problem]) -> str:
    if not problems:
        return "Nothing to mend."
    counts = zip(_counts(problems), _LEVELS, strict=True)
    return ", ".join(f"{count} {level}{'' if count == 1 else 's'}" for count, level in counts)


def _annotation(problem: Problem) -> str:
    """A workflow command (docs.github.com, "Workflow commands for GitHub Actions"); 0 is no line there."""
    line = f",line={problem.line}" if problem.line else ""
    place = f"file={_escaped(problem.file)}{line},title={_escaped(problem.code)}"
    return f"::{problem.level} {place}::{_escaped_text(problem.message)}"


def _escaped_text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped(value: str) -> str:
    return _escaped_text(value).replace(":", "%3A").replace(",", "%2C")
