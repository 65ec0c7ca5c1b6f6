"""Revisions: immutable, numbered states of the whole knowledge. The newest is what patients get.

The functions take part in a transaction of their caller, so that a crash leaves the old or the new revision, never a
mix.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Select, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from chatbot.errors import EditConflictError, StorageError
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.storage import tables
from chatbot.storage.database import Transaction
from chatbot.storage.tables import RevisionFile, RevisionText
from chatbot.storage.upsert import insert_missing

Origin = Literal["baseline", "staff"]

#: The parent of the first revision.
NONE = 0

_COLUMNS = (
    tables.Revision.number,
    tables.Revision.hash,
    tables.Revision.origin,
    tables.Revision.author,
    tables.Revision.comment,
    tables.Revision.created,
)


@dataclass(frozen=True)
class Revision:
    """What was published, by whom, when and why; `hash` is that of its files."""

    number: int
    hash: str
    origin: str
    author: str
    comment: str
    created: datetime

    @property
    def parent(self) -> int:
        """The revision that it was made from, 0 for the first."""
        return self.number - 1


def newest(transaction: Transaction) -> Revision | None:
    """The revision in force; none in a new database."""
    return _first(transaction, select(*_COLUMNS).order_by(tables.Revision.number.desc()).limit(1))


def newest_number(transaction: Transaction) -> int:
    """The number of the revision in force, 0 in a new database; made to be asked every second."""
    return transaction.execute(select(func.max(tables.Revision.number))).scalar() or NONE


def get(transaction: Transaction, number: int) -> Revision:
    """The revision of that number.

    Raises:
        StorageError: there is none.
    """
    found = _first(transaction, select(*_COLUMNS).where(tables.Revision.number == number))
    if found is None:
        raise StorageError(f"There is no revision {number}. 'python -m chatbot history' lists them.")
    return found


def files(transaction: Transaction, number: int) -> KnowledgeFiles:
    """The files of a revision, byte for byte as they were published.

    Raises:
        StorageError: there is no such revision, or its texts are not what was published.
    """
    revision = get(transaction, number)
    joined = select(RevisionFile.name, RevisionText.data).join(RevisionText, RevisionText.digest == RevisionFile.digest)
    rows = transaction.execute(joined.where(RevisionFile.revision == number))
    found = KnowledgeFiles({name: zlib.decompress(data).decode() for name, data in rows})
    if found.content_hash != revision.hash:
        raise StorageError(f"The texts of revision {number} were changed in the database. Restore a backup.")
    return found


def publish(
    transaction: Transaction,
    files: KnowledgeFiles,
    parent: int,
    author: str,
    comment: str,
    now: datetime,
    origin: Origin = "staff",
) -> Revision:
    """Make these files the newest revision; `parent` is the one that they were edited from (0: none).

    Raises:
        EditConflictError: somebody published in the meantime.
    """
    last = newest_number(transaction)
    if parent != last:
        raise EditConflictError(parent, last)
    revision = Revision(parent + 1, files.content_hash, origin, author, comment, now)
    try:
        transaction.execute(insert(tables.Revision).values(vars(revision)))
    except IntegrityError:  # another machine was a moment earlier with the same number
        raise EditConflictError(parent, parent + 1) from None
    _keep_texts(transaction, files.values())
    names = [{"revision": revision.number, "name": name, "digest": _digest(text)} for name, text in files.items()]
    transaction.execute(insert(RevisionFile), names)
    return revision


def roll_back(transaction: Transaction, number: int, author: str, comment: str, now: datetime) -> Revision:
    """Publish an earlier revision again, as a new one.

    Raises:
        StorageError: there is no such revision.
        EditConflictError: somebody published in the meantime.
    """
    comment = f"Back to revision {number}: {comment}" if comment else f"Back to revision {number}"
    return publish(transaction, files(transaction, number), newest_number(transaction), author, comment, now)


def history(
    transaction: Transaction,
    author: str | None = None,
    words: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Revision, ...]:
    """The newest first: of an author, with words in comment or author, before a number."""
    found: Select[*tuple[Any, ...]] = select(*_COLUMNS)
    if author is not None:
        found = found.where(tables.Revision.author == author)
    if words:
        found = found.where(
            or_(
                tables.Revision.comment.icontains(words, autoescape=True),
                tables.Revision.author.icontains(words, autoescape=True),
            )
        )
    if before is not None:
        found = found.where(tables.Revision.number < before)
    rows = transaction.execute(found.order_by(tables.Revision.number.desc()).limit(limit))
    return tuple(Revision(*row) for row in rows)


def _first(transaction: Transaction, found: Select[*tuple[Any, ...]]) -> Revision | None:
    row = transaction.execute(found).first()
    return Revision(*row) if row else None


def _keep_texts(transaction: Transaction, texts: Iterable[str]) -> None:
    """Keep the texts that no revision has yet."""
    digests = {_digest(text): text for text in texts}
    known = transaction.execute(select(RevisionText.digest).where(RevisionText.digest.in_(digests))).scalars()
    for digest in sorted(digests.keys() - set(known)):
        row = {"digest": digest, "data": zlib.compress(digests[digest].encode())}
        transaction.execute(insert_missing(transaction, RevisionText).values(row))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
