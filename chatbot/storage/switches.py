"""Switches: what staff may change while the server runs. Where one was never touched, the environment's value holds."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from chatbot.errors import StorageError
from chatbot.storage.audit import note
from chatbot.storage.database import Transaction
from chatbot.storage.tables import Switch
from chatbot.storage.upsert import upsert

Value = bool | int | float

#: Least and most of each number.
RANGES: dict[str, tuple[float, float]] = {
    "retention_days": (0, 365),
    "limit_address": (1, 1_000_000),
    "limit_session": (1, 1_000_000),
    "accuracy_loss": (0, 100),
}


@dataclass(frozen=True)
class Switches:
    """The values in force; None where staff set nothing."""

    #: Whether patients can chat; alerts are shown either way.
    chat: bool = True
    #: Whether someone other than the author must publish.
    second_person: bool = False
    #: Days for which questions are kept; 0: never stored.
    retention_days: int | None = None
    #: Messages a minute from a network address, and in a conversation.
    limit_address: int | None = None
    limit_session: int | None = None
    #: The fall in accuracy that blocks publishing, in percentage points.
    accuracy_loss: float | None = None


@dataclass(frozen=True)
class Change:
    """Who set a switch, when, to what."""

    name: str
    value: Value
    who: str
    moment: datetime


def read(transaction: Transaction) -> Switches:
    """The switches in force; a value that this version does not understand counts as not set."""
    return Switches(**{each.name: each.value for each in changes(transaction)})  # type: ignore[arg-type]


def changes(transaction: Transaction) -> tuple[Change, ...]:
    """Every switch that is set, with who set it and when."""
    found: Select[*tuple[Any, ...]] = select(Switch.name, Switch.value, Switch.who, Switch.moment).order_by(Switch.name)
    every = (Change(*row) for row in transaction.execute(found))
    return tuple(change for change in every if _mistake(change.name, change.value) is None)


def turn(transaction: Transaction, name: str, value: Value | None, who: str, now: datetime) -> None:
    """Set a switch, or with None leave it to the environment again; the audit tells of it.

    Raises:
        StorageError: there is no such switch, or it cannot have this value.
    """
    mistake = _mistake(name, value)
    if mistake:
        raise StorageError(mistake)
    if value is None:
        transaction.execute(delete(Switch).where(Switch.name == name))
    else:
        turning = upsert(transaction, Switch, ("name",), value=lambda new: new.value, who=who, moment=now)
        transaction.execute(turning.values(name=name, value=value, who=who, moment=now))
    note(transaction, who, "switch turned", now, switch=name, value="as deployed" if value is None else str(value))


def _mistake(name: str, value: object) -> str | None:
    """What is wrong with a value for a switch."""
    if name not in {field.name for field in fields(Switches)}:
        return f"There is no switch '{name}'."
    if value is None:
        return None
    if name not in RANGES:
        return None if isinstance(value, bool) else f"The switch '{name}' is on or off."
    least, most = RANGES[name]
    right = int if name != "accuracy_loss" else (int, float)
    if isinstance(value, bool) or not isinstance(value, right) or not least <= value <= most:
        return f"'{name}' is a number from {least:g} to {most:,g}."
    return None
