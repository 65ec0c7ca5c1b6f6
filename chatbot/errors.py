"""Every error that the chatbot raises on purpose.

ChatbotError
├── EditError               an edit of the knowledge cannot be made
├── ExchangeError           a file of another program cannot be read or written
├── KnowledgeError          the files in intents/ cannot be used; carries every problem
├── MissingWeightsError     the package with the word embeddings is not installed
├── NotFittedError          a matcher was asked before it was fitted
├── SettingError            a setting of the environment is wrong
├── QuestionsError          a file of labelled questions cannot be read
└── StorageError            the database refused something
    ├── StorageDownError    it cannot be reached, is locked, read-only or full: trying again may help
    ├── AccountError        an account cannot be made or changed so
    ├── DraftConflictError  a draft was changed in another window
    └── EditConflictError   somebody published in the meantime; carries the newest revision's number
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.knowledge.problems import Problem


class ChatbotError(Exception):
    """The root: its message is meant for the person at the keyboard."""


class KnowledgeError(ChatbotError):
    """The knowledge cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EditError(ChatbotError):
    """An edit of the knowledge cannot be made; the message says to staff what stands in its way."""


class ExchangeError(ChatbotError):
    """A file of another program cannot be read, or is refused; the message says why and what to do."""


class MissingWeightsError(ChatbotError):
    """The static word embeddings are not installed."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"No word embeddings at {path}: install them with 'pip install wordllama'.")


class NotFittedError(ChatbotError):
    """A matcher was asked to rank before `fit`."""

    def __init__(self) -> None:
        super().__init__("This matcher has learnt nothing yet: call fit(texts, labels) first.")


class SettingError(ChatbotError):
    """A setting of the environment has a value that cannot be used."""


class QuestionsError(ChatbotError):
    """A file of labelled questions cannot be read; the message names the file and line."""


class StorageError(ChatbotError):
    """The database refused something."""


class StorageDownError(StorageError):
    """The database cannot be reached, is locked, read-only or full: trying again may help."""


class AccountError(StorageError):
    """An account cannot be made or changed so; the message says why."""


class DraftConflictError(StorageError):
    """A draft was changed in another window, or is gone; nothing was saved."""


class EditConflictError(StorageError):
    """Somebody published in the meantime; `newest` is the number of the revision to look at first."""

    def __init__(self, parent: int, newest: int) -> None:
        self.parent = parent
        self.newest = newest
        super().__init__(
            f"This was edited from revision {parent}, but revision {newest} is published. "
            "Look at what it changed, then publish yours on top of it."
        )
