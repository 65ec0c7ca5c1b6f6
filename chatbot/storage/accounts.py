"""Accounts of staff: who they are, what they may do, their passwords (argon2) and one-time links to set one."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Select, delete, func, insert, select, update

from chatbot.errors import AccountError
from chatbot.storage.audit import note
from chatbot.storage.database import Transaction
from chatbot.storage.tables import ResetLink, Staff

#: A curator edits drafts; a publisher makes them live and looks after people and controls.
Role = Literal["curator", "publisher"]

SHORTEST_PASSWORD = 12
#: Hashing takes longer the longer a password is.
LONGEST_PASSWORD = 1_000
RESET_HOURS = 24

#: The profile that argon2-cffi recommends (RFC 9106, low memory): 64 MiB for some 50 ms.
HASHER = PasswordHasher()
_NOBODY = HASHER.hash("nobody")


@dataclass(frozen=True)
class Person:
    """A member of staff. A login carries `stamp` and ends when that changes."""

    id: int
    email: str
    role: str
    active: bool
    stamp: str
    has_password: bool


def add(transaction: Transaction, email: str, role: Role, password: str | None, now: datetime, by: str) -> Person:
    """Make an account; without a password it waits for a reset link.

    Raises:
        AccountError: there is one with this address, or address, role or password cannot be used.
    """
    email = _address(email)
    if _find(transaction, Staff.email == email):
        raise AccountError(f"{email} has an account already.")
    row = {
        "email": email,
        "role": _role(role),
        "password": hash_password(password) if password is not None else None,
        "active": True,
        "stamp": secrets.token_hex(16),
        "created": now,
    }
    transaction.execute(insert(Staff).values(row))
    note(transaction, by, "account added", now, email=email, role=role)
    return by_email(transaction, email)


def people(transaction: Transaction) -> tuple[Person, ...]:
    """All accounts, by address."""
    return tuple(Person(*row) for row in transaction.execute(_people().order_by(Staff.email)))


def any_account(transaction: Transaction) -> bool:
    """Whether there is an account at all; without one the staff area is off."""
    return transaction.execute(select(Staff.id).limit(1)).first() is not None


def by_id(transaction: Transaction, number: int) -> Person | None:
    """The person with this id, active or not."""
    return _find(transaction, Staff.id == number)


def by_email(transaction: Transaction, email: str) -> Person:
    """The person with this address.

    Raises:
        AccountError: there is none.
    """
    found = _find(transaction, Staff.email == _address(email))
    if found is None:
        raise AccountError(f"{email} has no account. 'python -m chatbot staff add {email}' makes one.")
    return found


def set_password(transaction: Transaction, person: Person, password: str, now: datetime, by: str) -> None:
    """Set a password; every login and reset link of the person ends.

    Raises:
        AccountError: the password is too short or too long.
    """
    _change(transaction, person, password=hash_password(password), stamp=secrets.token_hex(16))
    transaction.execute(delete(ResetLink).where(ResetLink.staff == person.id))
    note(transaction, by, "password set", now, email=person.email)


def set_role(transaction: Transaction, person: Person, role: Role, now: datetime, by: str) -> None:
    """Change what the person may do.

    Raises:
        AccountError: there is no such role, or nobody would be left who may publish.
    """
    _change(transaction, person, role=_role(role))
    _require_publisher(transaction)
    note(transaction, by, "role set", now, email=person.email, role=role)


def set_active(transaction: Transaction, person: Person, active: bool, now: datetime, by: str) -> None:
    """Let the person in or keep them out; keeping out ends every login at once.

    Raises:
        AccountError: nobody would be left who may publish.
    """
    _change(transaction, person, active=active, stamp=secrets.token_hex(16))
    transaction.execute(delete(ResetLink).where(ResetLink.staff == person.id))
    _require_publisher(transaction)
    note(transaction, by, "account activated" if active else "account deactivated", now, email=person.email)


def make_reset_link(transaction: Transaction, person: Person, now: datetime, by: str) -> str:
    """A secret with which the person sets a password once within a day; earlier ones end."""
    token = secrets.token_urlsafe(32)
    transaction.execute(delete(ResetLink).where(ResetLink.staff == person.id))
    row = {"digest": _digest(token), "staff": person.id, "expires": now + timedelta(hours=RESET_HOURS)}
    transaction.execute(insert(ResetLink).values(row))
    note(transaction, by, "reset link made", now, email=person.email)
    return token


def owner_of_link(transaction: Transaction, token: str, now: datetime) -> Person | None:
    """Whom a reset link is for; nobody if it was used, has expired or is forged. `set_password` uses it up."""
    found = select(ResetLink.staff).where(ResetLink.digest == _digest(token), ResetLink.expires > now)
    number = transaction.execute(found).scalar()
    person = by_id(transaction, number) if number is not None else None
    return person if person and person.active else None


def password_hash(transaction: Transaction, person: Person) -> str | None:
    """What the person's password is checked against."""
    return transaction.execute(select(Staff.password).where(Staff.id == person.id)).scalar()


def hash_password(password: str) -> str:
    """The password as it is kept.

    Raises:
        AccountError: it is too short or too long.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(
            f"A password has at least {SHORTEST_PASSWORD} characters (at most {LONGEST_PASSWORD}). "
            "Four words that do not belong together are easy to keep in mind."
        )
    return HASHER.hash(password.encode("utf-8", "replace"))


def is_right(kept: str | None, password: str) -> bool:
    """Whether it is the password that is kept so; where none is kept, this takes as long and is never so."""
    try:
        HASHER.verify(kept or _NOBODY, password[: LONGEST_PASSWORD + 1].encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def find_active(transaction: Transaction, email: str) -> Person | None:
    """The person with this address who may log in."""
    found = _find(transaction, Staff.email == email.strip().lower())
    return found if found and found.active else None


def _people() -> Select[*tuple[Any, ...]]:
    return select(Staff.id, Staff.email, Staff.role, Staff.active, Staff.stamp, Staff.password.is_not(None))


def _find(transaction: Transaction, condition: Any) -> Person | None:
    row = transaction.execute(_people().where(condition)).first()
    return Person(*row) if row else None


def _change(transaction: Transaction, person: Person, **values: object) -> None:
    transaction.execute(update(Staff).where(Staff.id == person.id).values(values))


def _require_publisher(transaction: Transaction) -> None:
    left = select(func.count()).where(Staff.role == "publisher", Staff.active)
    if not transaction.execute(left).scalar():
        raise AccountError("Nobody would be left who may publish. Make someone else a publisher first.")


def _address(email: str) -> str:
    """The address in small letters."""
    email = email.strip().lower()
    name, _, host = email.partition("@")
    if not name or "." not in host or "@" in host or any(c.isspace() for c in email) or len(email) > 200:
        raise AccountError(f"'{email}' is no e-mail address.")
    return email


def _role(role: str) -> str:
    if role not in get_args(Role):
        raise AccountError(f"There is no role '{role}'. There are: {', '.join(get_args(Role))}.")
    return role


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
