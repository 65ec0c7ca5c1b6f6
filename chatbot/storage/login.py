"""Logging in, and slowing down whoever guesses passwords.

Every attempt is counted before its password is looked at, so that many at once are slowed down too. Unknown and known
addresses behave the same and take the same time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select

from chatbot.storage.accounts import Person, find_active, is_right, password_hash
from chatbot.storage.audit import note
from chatbot.storage.database import Database, Transaction
from chatbot.storage.tables import LoginFailure
from chatbot.storage.upsert import upsert

#: Failures in a row that cost no waiting: for an account, and for a network address that a whole clinic may share.
_FREE_PER_ACCOUNT = 5
_FREE_PER_ADDRESS = 30
#: The longest wait. Short, since anybody can make it start for a colleague; 1,440 guesses a day find no password.
_LONGEST = timedelta(minutes=1)
#: Failures are forgotten after this silence.
_FORGOTTEN = timedelta(hours=12)


@dataclass(frozen=True)
class Refusal:
    """The login failed; where `wait` is given, so many seconds must pass before another attempt counts."""

    wait: int = 0


def log_in(database: Database, email: str, password: str, address: str, now: datetime) -> Person | Refusal:
    """The person, if address and password are right and nobody has to wait; the audit tells of either.

    Raises:
        StorageDownError: the database cannot be used.
    """
    keys = {
        _digest("account", email.strip().lower()): _FREE_PER_ACCOUNT,
        _digest("address", address): _FREE_PER_ADDRESS,
    }
    with database.writing() as transaction:
        wait = max(_wait(transaction, key, free, now) for key, free in keys.items())
        if wait > timedelta():
            return Refusal(wait=max(1, round(wait.total_seconds())))
        transaction.execute(delete(LoginFailure).where(LoginFailure.last < now - _FORGOTTEN))
        for key in sorted(keys):
            _count(transaction, key, now)
        person = find_active(transaction, email)
        kept = password_hash(transaction, person) if person else None
    right = is_right(kept, password)
    with database.writing() as transaction:
        if person is None or not right:
            note(transaction, person.email if person else "unknown", "login failed", now)
            return Refusal()
        transaction.execute(delete(LoginFailure).where(LoginFailure.digest.in_(keys)))
        note(transaction, person.email, "logged in", now)
    return person


def check_password(database: Database, person: Person, password: str) -> bool:
    """Whether it is the person's password: asked once more before it is changed."""
    with database.reading() as transaction:
        kept = password_hash(transaction, person)
    return is_right(kept, password)


def _wait(transaction: Transaction, key: str, free: int, now: datetime) -> timedelta:
    """How long this one has to wait still; doubling with each failure."""
    found = select(LoginFailure.number, LoginFailure.last).where(LoginFailure.digest == key)
    row = transaction.execute(found).first()
    if row is None:
        return timedelta()
    number, last = row
    if number < free or last < now - _FORGOTTEN:
        return timedelta()
    pause = min(_LONGEST, timedelta(seconds=2 ** min(number - free + 1, 10)))
    return max(timedelta(), last + pause - now)


def _count(transaction: Transaction, key: str, now: datetime) -> None:
    counting = upsert(transaction, LoginFailure, ("digest",), number=LoginFailure.number + 1, last=now)
    transaction.execute(counting.values(digest=key, number=1, last=now))


def _digest(kind: str, name: str) -> str:
    return sha256(f"{kind} {name}".encode("utf-8", "replace")).hexdigest()
