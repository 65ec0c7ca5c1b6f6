"""The audit: who did what and when. Entries are added, never changed or removed; triggers in the database see to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select

from chatbot.storage.database import Transaction
from chatbot.storage.tables import AuditEntry


@dataclass(frozen=True)
class Entry:
    """One thing that someone did."""

    id: int
    moment: datetime
    who: str
    act: str
    details: Mapping[str, Any]


def note(transaction: Transaction, who: str, act: str, now: datetime, **details: str | int | None) -> None:
    """Write down that someone did something, in the transaction that does it; details name things, never texts."""
    row = {"moment": now, "who": who, "act": act, "details": details}
    transaction.execute(insert(AuditEntry).values(row))


def entries(
    transaction: Transaction,
    who: str | None = None,
    act: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> tuple[Entry, ...]:
    """The newest entries first; `before` is the id of the last one on the page that was seen."""
    columns = (AuditEntry.id, AuditEntry.moment, AuditEntry.who, AuditEntry.act, AuditEntry.details)
    found: Select[*tuple[Any, ...]] = select(*columns)
    if who is not None:
        found = found.where(AuditEntry.who == who)
    if act is not None:
        found = found.where(AuditEntry.act == act)
    if before is not None:
        found = found.where(AuditEntry.id < before)
    return tuple(Entry(*row) for row in transaction.execute(found.order_by(AuditEntry.id.desc()).limit(limit)))
