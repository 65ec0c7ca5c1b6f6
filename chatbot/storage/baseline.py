"""Publishing the folder at a deployment, and writing what staff published back to it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import select

from chatbot.errors import StorageError
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.storage import revisions, tables
from chatbot.storage.audit import note
from chatbot.storage.database import Transaction
from chatbot.storage.revisions import Revision
from chatbot.storage.upsert import insert_missing


@dataclass(frozen=True)
class Deployed:
    """The revision in force after a deployment, and why: its files were published, are the same, or were held back."""

    revision: Revision
    outcome: Literal["published", "same", "held back"]


def publish_baseline(
    transaction: Transaction, files: KnowledgeFiles, author: str, now: datetime, comment: str = ""
) -> Deployed:
    """Publish the files of a deployment, unless that would undo the work of staff.

    They are held back where the newest revision is of staff and was not exported, and where they are only what an
    earlier revision was: then the folder in git has not caught up.
    """
    last = revisions.newest(transaction)
    if last and last.hash == files.content_hash:
        return Deployed(last, "same")
    if last and last.origin == "staff" and (_is_old(transaction, files) or not _was_exported(transaction, last)):
        return Deployed(last, "held back")
    parent = last.number if last else revisions.NONE
    comment = comment or f"Deployed from the folder {files.folder}"
    made = revisions.publish(transaction, files, parent, author, comment, now, origin="baseline")
    note(transaction, author, "deployed", now, revision=made.number)
    return Deployed(made, "published")


def waits_for_export(transaction: Transaction) -> bool:
    """Whether the newest revision is of staff and not in the folder yet."""
    last = revisions.newest(transaction)
    return last is not None and last.origin == "staff" and not _was_exported(transaction, last)


def export(transaction: Transaction, folder: Path, now: datetime, by: str) -> tuple[Revision, tuple[str, ...]]:
    """Make the folder hold the newest revision and note that it does; the revision and the files that changed.

    Files that are right already are not touched, so that a git diff shows only what staff changed.

    Raises:
        StorageError: nothing was published yet.
        KnowledgeError: the folder holds files but no knowledge base.
    """
    last = revisions.newest(transaction)
    if last is None:
        raise StorageError("Nothing was published yet, so there is nothing to export.")
    changed = revisions.files(transaction, last.number).write_to(folder)
    transaction.execute(insert_missing(transaction, tables.Export).values(revision=last.number, moment=now))
    note(transaction, by, "exported", now, revision=last.number)
    return last, changed


def _was_exported(transaction: Transaction, revision: Revision) -> bool:
    found = select(tables.Export.revision).where(tables.Export.revision == revision.number)
    return transaction.execute(found).first() is not None


def _is_old(transaction: Transaction, files: KnowledgeFiles) -> bool:
    found = select(tables.Revision.number).where(tables.Revision.hash == files.content_hash)
    return transaction.execute(found).first() is not None
