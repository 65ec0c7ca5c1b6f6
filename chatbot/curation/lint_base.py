"""What every lint works with: the knowledge, its place in the files, and the texts that patients read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from chatbot.knowledge.lines import LineIndex
from chatbot.knowledge.model import Intent, Knowledge
from chatbot.knowledge.problems import Level, Problem

#: Fields of clinic.yaml whose text patients read.
_CLINIC_TEXTS = ("greeting", "fallback", "fallback_again", "nearest", "clarify", "none_of_these", "related")


@dataclass(frozen=True)
class Desk:
    """What a lint looks at."""

    knowledge: Knowledge
    lines: LineIndex
    today: date

    def problem(self, intent: Intent, code: str, message: str, *path: str | int, level: Level = "warning") -> Problem:
        """A finding about an intent, at a value of it such as `"phrasings", 3`."""
        file, line = self.lines.of(intent.id, *path)
        return Problem(file, line, code, f"{intent.id}: {message}", level)

    def answers(self) -> Iterator[Intent]:
        """The intents that an article answers."""
        return (intent for intent in self.knowledge.intents() if intent.kind == "answer")

    def texts(self) -> Iterator["Said"]:
        """Every text that patients read."""
        for intent in self.knowledge.intents():
            for field in ("question", "answer"):
                yield Said(
                    *self.lines.of(intent.id, field),
                    f"{intent.id}: ",
                    getattr(intent, field),
                    field == "question",
                )
        file = self.lines.named("clinic.yaml")
        for field in _CLINIC_TEXTS:
            yield Said(file, self.lines.at(file, field), f"'{field}': ", getattr(self.knowledge.clinic, field, ""))


Lint = Callable[[Desk], Iterator[Problem]]


@dataclass(frozen=True)
class Said:
    """A text that patients read and its place."""

    file: str
    line: int
    owner: str
    text: str
    is_question: bool = False

    def problem(self, code: str, message: str, level: Level = "warning") -> Problem:
        """A finding about the text."""
        return Problem(self.file, self.line, code, self.owner + message, level)
