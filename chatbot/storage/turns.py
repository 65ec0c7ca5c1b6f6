"""What is kept of the turns: counts of every one, and the text only of questions that were not answered well.

Texts are redacted here, so that no caller can forget it. They carry no address, no session and no turn.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Self

from sqlalchemy import Connection, case, delete, select, update

from chatbot.dialogue.turn import Turn
from chatbot.dialogue.understanding import Part
from chatbot.language.privacy import redact
from chatbot.language.text import normalise
from chatbot.storage.database import Database
from chatbot.storage.tables import InboxAct, IntentCount, Question, Reason, TurnCount, Vote
from chatbot.storage.upsert import upsert

#: Longer ones are cut, in characters; the chat refuses longer messages.
MAX_TEXT = 1_000
_MAX_REASON = 200

_REASONS: Mapping[str, Reason] = {"fallback": "unanswered", "clarify": "unclear"}


@dataclass(frozen=True)
class Missed:
    """A question that was not answered well, as it was typed; `intent` is the closest one, if any was close."""

    text: str
    reason: Reason
    intent: str | None = None


@dataclass(frozen=True)
class TurnRecord:
    """What is to be kept of a turn; its day is that of `when`, in whatever zone the clinic counts."""

    when: datetime
    kind: str
    tier: str | None
    intents: tuple[str, ...]
    missed: tuple[Missed, ...] = ()

    @classmethod
    def of(cls, turn: Turn, when: datetime) -> Self:
        """The record of what the bot said."""
        missed = tuple(_missed(part) for part in turn.parts if part.decision.kind in _REASONS)
        return cls(when, turn.kind, turn.tier, turn.intents, missed)


@dataclass(frozen=True)
class Feedback:
    """A thumb for the turn of that random name; `question` is sent along with a thumb down only.

    A second one for the same turn replaces the first.
    """

    turn: str
    when: datetime
    helpful: bool
    intent: str | None = None
    reason: str | None = None
    question: str | None = None


Record = TurnRecord | Feedback


def record(database: Database, records: Sequence[Record], keep_texts: bool) -> None:
    """Add to the counts, and keep the texts that may be kept, all in one transaction.

    Raises:
        StorageDownError: nothing was written; trying again may help.
        StorageError: nothing was written, because of one of these records.
    """
    turns = [each for each in records if isinstance(each, TurnRecord)]
    votes = [each for each in records if isinstance(each, Feedback)]
    with database.writing() as connection:
        _count(connection, turns)
        if keep_texts:
            _keep(connection, _asked(turns))
        for vote in sorted(votes, key=lambda vote: vote.turn):
            _vote(connection, vote, keep_texts)


def purge(database: Database, retention_days: int, now: datetime) -> int:
    """Delete the texts that were last asked longer ago than the retention time (0: all); how many there were."""
    end = now - timedelta(days=retention_days)
    with database.writing() as connection:
        connection.execute(delete(InboxAct).where(InboxAct.moment <= end))
        return connection.execute(delete(Question).where(Question.last_seen <= end)).rowcount


def _missed(part: Part) -> Missed:
    best = part.matches[0].label if part.matches else None
    return Missed(part.text, _REASONS[part.decision.kind], best)


def _count(connection: Connection, turns: Sequence[TurnRecord]) -> None:
    kinds: Counter[tuple[date, str, str]] = Counter((t.when.date(), t.kind, t.tier or "") for t in turns)
    intents: Counter[tuple[date, str, str]] = Counter((t.when.date(), i, t.kind) for t in turns for i in t.intents)
    _add(connection, TurnCount, ("day", "kind", "tier"), kinds)
    _add(connection, IntentCount, ("day", "intent", "kind"), intents)


def _add(
    connection: Connection,
    table: type[TurnCount | IntentCount],
    keys: tuple[str, ...],
    counts: Mapping[tuple[date, str, str], int],
) -> None:
    rows = [dict(zip(keys, key)) | {"number": number} for key, number in sorted(counts.items())]
    if rows:
        adding = upsert(connection, table, keys, number=lambda new: table.number + new.number)
        connection.execute(adding, rows)


def _asked(turns: Sequence[TurnRecord]) -> list[dict[str, Any]]:
    """A row for each question to keep, in an order that is the same everywhere: two machines never wait in a circle."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for turn in turns:
        for missed in turn.missed:
            row = _row(missed, turn.when)
            before = rows.get((row["reason"], row["digest"]))
            if before:
                row |= {"number": before["number"] + 1, "text": before["text"], "first_seen": before["first_seen"]}
            if row["text"]:
                rows[row["reason"], row["digest"]] = row
    return [rows[key] for key in sorted(rows)]


def _row(missed: Missed, when: datetime) -> dict[str, Any]:
    text = _storable(missed.text)
    return {
        "reason": missed.reason,
        "text": text,
        "digest": _digest(text),
        "intent": missed.intent,
        "number": 1,
        "first_seen": when,
        "last_seen": when,
    }


def _keep(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Keep texts, or count them once more."""
    if rows:
        connection.execute(_keeping(connection), rows)


def _keep_one(connection: Connection, missed: Missed, when: datetime) -> int | None:
    """Keep a text, or count it once more; the number of its row, none if nothing of it is left."""
    row = _row(missed, when)
    if not row["text"]:
        return None
    number: int = connection.execute(_keeping(connection).values(row).returning(Question.id)).scalar_one()
    return number


def _keeping(connection: Connection) -> Any:
    return upsert(
        connection,
        Question,
        ("reason", "digest"),
        number=lambda new: Question.number + new.number,
        last_seen=lambda new: new.last_seen,
        intent=lambda new: new.intent,
        # It was asked again, so whatever was done about it was not enough.
        state=case((Question.state == "done", "new"), else_=Question.state),
    )


def _vote(connection: Connection, vote: Feedback, keep_texts: bool) -> None:
    _withdraw(connection, vote.turn)
    question = None
    if vote.question and not vote.helpful and keep_texts:
        question = _keep_one(connection, Missed(vote.question, "unhelpful", vote.intent), vote.when)
    row = {
        "turn": vote.turn,
        "day": vote.when.date(),
        "intent": vote.intent,
        "helpful": vote.helpful,
        "reason": vote.reason and _storable(vote.reason, _MAX_REASON),
        "question": question,
    }
    changes = {name: row[name] for name in row if name != "turn"}
    connection.execute(upsert(connection, Vote, ("turn",), **changes).values(row))


def _withdraw(connection: Connection, turn: str) -> None:
    """Take back the text that came with an earlier thumb for this turn."""
    kept = connection.execute(select(Vote.question).where(Vote.turn == turn)).scalar()
    if kept is not None:
        connection.execute(update(Question).where(Question.id == kept).values(number=Question.number - 1))
        connection.execute(delete(Question).where(Question.id == kept, Question.number <= 0))


def _storable(text: str, length: int = MAX_TEXT) -> str:
    """Redacted (twice does no harm), short, and without what PostgreSQL refuses: NUL and halves of surrogate pairs."""
    return redact(text.encode("utf-8", "replace").decode().replace("\0", " "))[:length].strip()


def _digest(text: str) -> str:
    """The same for texts that differ only in capitals, punctuation and the like."""
    return sha256(normalise(text).encode()).hexdigest()
