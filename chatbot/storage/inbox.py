"""The inbox: questions that were not answered well, what staff did about them, and undoing it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update

from chatbot.errors import StorageError
from chatbot.storage.audit import note
from chatbot.storage.database import Transaction
from chatbot.storage.tables import InboxAct, Question, State


@dataclass(frozen=True)
class Item:
    """A question, redacted; `intent` is the closest one at the time, `assigned` the one that staff gave it to."""

    id: int
    reason: str
    text: str
    intent: str | None
    number: int
    first_seen: datetime
    last_seen: datetime
    state: str
    assigned: str | None


def items(
    transaction: Transaction,
    states: Collection[State] = (),
    reasons: Collection[str] = (),
    words: str | None = None,
    since: datetime | None = None,
    limit: int = 1_000,
) -> tuple[Item, ...]:
    """The questions that fit every filter that is given, urgent ones and then the most asked ones first."""
    found = _items()
    if states:
        found = found.where(Question.state.in_(states))
    if reasons:
        found = found.where(Question.reason.in_(reasons))
    if words:
        found = found.where(Question.text.icontains(words, autoescape=True))
    if since is not None:
        found = found.where(Question.last_seen >= since)
    order = ((Question.state == "urgent").desc(), Question.number.desc(), Question.last_seen.desc(), Question.id)
    return tuple(Item(*row) for row in transaction.execute(found.order_by(*order).limit(limit)))


def get(transaction: Transaction, ids: Collection[int]) -> tuple[Item, ...]:
    """The questions with these ids that are still there; the retention time may have removed some."""
    found = _items().where(Question.id.in_(ids)).order_by(Question.id)
    return tuple(Item(*row) for row in transaction.execute(found))


def state_counts(transaction: Transaction) -> dict[str, int]:
    """How many questions are in each state that any is in."""
    counts = select(Question.state, func.count()).group_by(Question.state)
    return {str(state): int(number) for state, number in transaction.execute(counts)}


def settle(
    transaction: Transaction,
    ids: Sequence[int],
    state: State,
    who: str,
    now: datetime,
    assigned: str | None = None,
) -> int:
    """Put questions into a state, and assign them to an intent or to none; the id of the act, to undo it with.

    Raises:
        StorageError: none of these questions is there.
    """
    before = [{"id": each.id, "state": each.state, "assigned": each.assigned} for each in get(transaction, ids)]
    if not before:
        raise StorageError("These questions are not there any more: the retention time has removed them.")
    row = {"who": who, "moment": now, "before": before}
    act = transaction.execute(insert(InboxAct).values(row).returning(InboxAct.id)).scalar_one()
    changed = update(Question).where(Question.id.in_([each["id"] for each in before]))
    transaction.execute(changed.values(state=state, assigned=assigned))
    note(transaction, who, f"questions {state}", now, questions=len(before), intent=assigned)
    return act


def undo(transaction: Transaction, act: int, who: str, now: datetime) -> int:
    """Put the questions of an act back as they were before it; how many are still there. An act is undone once.

    Raises:
        StorageError: there is no such act, or it was undone already.
    """
    before: Any = transaction.execute(select(InboxAct.before).where(InboxAct.id == act)).scalar()
    if before is None:
        raise StorageError("This was undone already.")
    restored = 0
    for each in before:
        values = {"state": each["state"], "assigned": each["assigned"]}
        restored += transaction.execute(update(Question).where(Question.id == each["id"]).values(values)).rowcount
    transaction.execute(delete(InboxAct).where(InboxAct.id == act))
    note(transaction, who, "questions undone", now, questions=restored)
    return restored


def _items() -> Select[*tuple[Any, ...]]:
    return select(
        Question.id,
        Question.reason,
        Question.text,
        Question.intent,
        Question.number,
        Question.first_seen,
        Question.last_seen,
        Question.state,
        Question.assigned,
    )
