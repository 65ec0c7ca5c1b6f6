"""The tables. What a migration makes must equal them (a test compares)."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal, NewType

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
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


#: What JSON can hold.
JSONValue = NewType("JSONValue", object)


class Table(DeclarativeBase):
    """A table; its rows leave this package as frozen dataclasses."""

    type_annotation_map: ClassVar[dict[type, TypeEngine[Any]]] = {datetime: Moment(), str: Text(), JSONValue: JSON()}


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
    #: The intent that the staff gave it to.
    assigned: Mapped[Name | None]


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


class InboxAct(Table):
    """What staff did to questions at once, with what they were before, so that it can be undone."""

    __tablename__ = "inbox_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[Line]
    moment: Mapped[datetime]
    before: Mapped[JSONValue]


class Revision(Table):
    """A published state of the whole knowledge; a trigger refuses any change."""

    __tablename__ = "revisions"

    #: One more than its parent's, so that two with the same parent cannot be.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[Digest]
    #: `baseline` came with a deployment, `staff` from the staff pages or a command.
    origin: Mapped[Name]
    author: Mapped[Line]
    comment: Mapped[str]
    created: Mapped[datetime]


class RevisionFile(Table):
    """A file of a revision; a trigger refuses any change."""

    __tablename__ = "revision_files"

    revision: Mapped[int] = mapped_column(ForeignKey("revisions.number"), primary_key=True)
    name: Mapped[Line] = mapped_column(primary_key=True)
    digest: Mapped[Digest] = mapped_column(ForeignKey("revision_texts.digest"))


class RevisionText(Table):
    """The text of a file, compressed, once for all revisions that share it; a trigger refuses any change."""

    __tablename__ = "revision_texts"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Export(Table):
    """A revision that was written back to the folder."""

    __tablename__ = "exports"

    revision: Mapped[int] = mapped_column(ForeignKey("revisions.number"), primary_key=True)
    moment: Mapped[datetime]


class Model(Table):
    """A fitted model, so that only one machine fits it."""

    __tablename__ = "models"

    kind: Mapped[Name] = mapped_column(primary_key=True)
    key: Mapped[Digest] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    used: Mapped[datetime]


class Draft(Table):
    """What someone means to publish: the files that differ from a revision."""

    __tablename__ = "drafts"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    author: Mapped[Line]
    parent: Mapped[int] = mapped_column(ForeignKey("revisions.number"))
    #: Name of the file → its text, or null where the draft removes it.
    files: Mapped[JSONValue]
    #: One more with each change.
    version: Mapped[int]
    changed: Mapped[datetime]


class Staff(Table):
    """A person who may use the staff pages."""

    __tablename__ = "staff"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[Line] = mapped_column(unique=True)
    password: Mapped[Line | None]
    role: Mapped[Name]
    active: Mapped[bool]
    #: Random, renewed with the password; a login that carries another one has ended.
    stamp: Mapped[Digest]
    created: Mapped[datetime]


class ResetLink(Table):
    """A link with which someone sets a password once; only its hash is kept."""

    __tablename__ = "reset_links"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    expires: Mapped[datetime]


class LoginFailure(Table):
    """Failed logins in a row for a name or from an address, of which only the hash is kept."""

    __tablename__ = "login_failures"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    number: Mapped[int]
    last: Mapped[datetime]


class AuditEntry(Table):
    """Something that someone did; a trigger refuses any change."""

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    moment: Mapped[datetime]
    who: Mapped[Line]
    act: Mapped[Name]
    details: Mapped[JSONValue]


class Switch(Table):
    """A setting that staff changed; the newest of a name holds."""

    __tablename__ = "switches"

    name: Mapped[Name] = mapped_column(primary_key=True)
    value: Mapped[JSONValue]
    who: Mapped[Line]
    moment: Mapped[datetime]
