"""The tables. What a migration makes must equal them (a test compares)."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

#: Why a question was kept: nothing fitted it, several intents did, or its answer got a thumb down.
Reason = Literal["unanswered", "unclear", "unhelpful"]
#: What the staff made of it.
State = Literal["new", "pending", "done", "ignored", "urgent"]


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite knows no time zones, so there it is stored without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database takes it."""
        return value and (value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The moment, in UTC."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


Name = Annotated[str, mapped_column(String(60))]
Line = Annotated[str, mapped_column(String(200))]
Digest = Annotated[str, mapped_column(String(64))]


class Table(DeclarativeBase):
    """A table; its rows leave this package as frozen dataclasses."""

    type_annotation_map: ClassVar[dict[type, TypeEngine[Any]]] = {datetime: Moment(), str: Text()}


class TurnCount(Table):
    """How many turns of a day were of a kind and a tier (empty: none)."""

    __tablename__ = "turn_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[Name] = mapped_column(primary_key=True)
    tier: Mapped[Name] = mapped_column(primary_key=True)
    number: Mapped[int]


class IntentCount(Table):
    """How often an intent was answered, handed off or offered on a day."""

    __tablename__ = "intent_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    intent: Mapped[Name] = mapped_column(primary_key=True)
    kind: Mapped[Name] = mapped_column(primary_key=True)
    number: Mapped[int]


class Question(Table):
    """A question that was not answered well, redacted; equal ones share a row."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("reason", "digest", name="questions_once"),
        Index("questions_by_age", "last_seen"),
        {"sqlite_autoincrement": True},  # the address of a question's page must never come to mean another question
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[Name]
    text: Mapped[str]
    digest: Mapped[Digest]
    #: The best match at the time, or the intent whose answer did not help.
    intent: Mapped[Name | None]
    number: Mapped[int]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    state: Mapped[Name] = mapped_column(server_default="new")


class Vote(Table):
    """One thumb, the last one that a patient gave for a turn; the turn's name is random and leads nowhere."""

    __tablename__ = "votes"
    __table_args__ = (Index("votes_by_day", "day"),)

    turn: Mapped[Digest] = mapped_column(primary_key=True)
    day: Mapped[date]
    intent: Mapped[Name | None]
    helpful: Mapped[bool]
    reason: Mapped[Line | None]
    question: Mapped[int | None] = mapped_column(ForeignKey("questions.id", ondelete="SET NULL"), index=True)
