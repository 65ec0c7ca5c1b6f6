"""Drafts: what staff mean to publish, kept until they do. Two windows cannot overwrite each other's draft unnoticed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select, update

from chatbot.errors import DraftConflictError
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.storage.database import Transaction
from chatbot.storage.tables import Draft as Row


@dataclass(frozen=True)
class Draft:
    """The files in which a draft differs from the revision it was made from; None where it removes one."""

    id: int
    author: str
    parent: int
    files: Mapping[str, str | None]
    version: int
    changed: datetime

    def on(self, base: KnowledgeFiles) -> KnowledgeFiles:
        """The knowledge as it will be, with this draft on top of a revision's files."""
        texts = {name: text for name, text in ({**base, **self.files}).items() if text is not None}
        return KnowledgeFiles(texts, base.folder)


def differing(base: KnowledgeFiles, edited: KnowledgeFiles) -> dict[str, str | None]:
    """The files of a draft that makes the one into the other."""
    changed: dict[str, str | None] = {name: text for name, text in edited.items() if base.get(name) != text}
    return changed | {name: None for name in base if name not in edited}


def create(transaction: Transaction, author: str, parent: int, now: datetime) -> Draft:
    """An empty draft on top of a revision."""
    row: dict[str, Any] = {"author": author, "parent": parent, "files": {}, "version": 1, "changed": now}
    number = transaction.execute(insert(Row).values(row).returning(Row.id)).scalar_one()
    return Draft(id=number, **row)


def get(transaction: Transaction, number: int) -> Draft | None:
    """The draft of that number."""
    row = transaction.execute(_drafts().where(Row.id == number)).first()
    return Draft(*row) if row else None


def drafts(transaction: Transaction, author: str | None = None) -> tuple[Draft, ...]:
    """All drafts, or those of an author; the last changed first."""
    found = _drafts() if author is None else _drafts().where(Row.author == author)
    return tuple(Draft(*row) for row in transaction.execute(found.order_by(Row.changed.desc(), Row.id.desc())))


def save(
    transaction: Transaction, draft: Draft, files: Mapping[str, str | None], now: datetime, parent: int | None = None
) -> Draft:
    """Replace the files of a draft as it was read; with `parent`, on top of another revision from now on.

    Raises:
        DraftConflictError: it was saved or discarded elsewhere since it was read.
    """
    values: dict[str, Any] = {
        "files": dict(files),
        "parent": draft.parent if parent is None else parent,
        "version": draft.version + 1,
        "changed": now,
    }
    saving = update(Row).where(Row.id == draft.id, Row.version == draft.version).values(values)
    if not transaction.execute(saving).rowcount:
        raise DraftConflictError("This draft was changed in another window, so nothing was saved. Load it again.")
    return replace(draft, **values)


def discard(transaction: Transaction, draft: Draft) -> None:
    """Remove a draft as it was read: it was published, or is not wanted.

    Raises:
        DraftConflictError: it was saved or discarded elsewhere since it was read.
    """
    removing = delete(Row).where(Row.id == draft.id, Row.version == draft.version)
    if not transaction.execute(removing).rowcount:
        raise DraftConflictError("This draft was changed in another window. Load it again.")


def _drafts() -> Select[*tuple[Any, ...]]:
    return select(Row.id, Row.author, Row.parent, Row.files, Row.version, Row.changed)
