"""Accounts of staff, their logins, and what slows down whoever guesses."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher, profiles
from sqlalchemy import text

from chatbot.errors import AccountError, StorageError
from chatbot.storage import accounts
from chatbot.storage.accounts import Person, Role
from chatbot.storage.audit import entries, note
from chatbot.storage.database import Database
from chatbot.storage.login import Refusal, check_password, log_in

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RIGHT = "correct horse battery"
ANN = "ann@example.org"
DEAR = accounts.HASHER


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take no time; `test_hashes_are_dear` sees to those that staff get."""
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher.from_parameters(profiles.CHEAPEST))


def test_hashes_are_dear() -> None:
    assert (DEAR.memory_cost, DEAR.time_cost, DEAR.parallelism) == (65_536, 3, 4)


def add(database: Database, email: str = ANN, role: Role = "publisher", password: str | None = RIGHT) -> Person:
    with database.writing() as transaction:
        return accounts.add(transaction, email, role, password, NOW, by="command line")


def attempt(
    database: Database, password: str, email: str = ANN, address: str = "192.0.2.1", after: timedelta = timedelta()
) -> Person | Refusal:
    return log_in(database, email, password, address, NOW + after)


def seen(database: Database, email: str = ANN) -> Person:
    with database.reading() as transaction:
        return accounts.by_email(transaction, email)


def test_there_is_no_default_account(database: Database) -> None:
    with database.reading() as transaction:
        assert not accounts.any_account(transaction)
    add(database)
    with database.reading() as transaction:
        assert accounts.any_account(transaction)


def test_the_right_password_logs_in_whatever_the_capitals_of_the_address(database: Database) -> None:
    person = add(database, email=" Ann@Example.org ")
    assert attempt(database, RIGHT, email="ANN@example.ORG ") == person
    assert (person.email, person.role) == (ANN, "publisher")


@pytest.mark.parametrize("password", ["", "wrong", RIGHT.upper(), RIGHT + " ", RIGHT * 500, "\ud800", "\0"])
def test_another_password_does_not(database: Database, password: str) -> None:
    add(database)
    assert attempt(database, password) == Refusal()


def test_a_password_is_kept_as_an_argon2_hash_only(database: Database) -> None:
    person = add(database)
    with database.reading() as transaction:
        kept = accounts.password_hash(transaction, person)
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert RIGHT not in kept


def test_unknown_and_known_addresses_are_refused_alike(database: Database) -> None:
    add(database)
    assert attempt(database, "wrong") == attempt(database, "wrong", email="nobody@example.org") == Refusal()


def test_an_account_without_a_password_lets_nobody_in(database: Database) -> None:
    add(database, password=None)
    for password in ("", "None", "nobody"):
        assert attempt(database, password) == Refusal()


def test_guessing_is_slowed_down_even_for_the_right_password(database: Database) -> None:
    """Whoever guesses must not see that a guess was right; after the wait, the owner gets in and all is forgotten."""
    add(database)
    for _ in range(5):
        assert attempt(database, "wrong") == Refusal()
    assert attempt(database, RIGHT) == Refusal(wait=2)
    assert attempt(database, RIGHT, address="198.51.100.7") == Refusal(wait=2)
    assert isinstance(attempt(database, RIGHT, after=timedelta(seconds=3)), Person)
    assert attempt(database, "wrong", after=timedelta(seconds=4)) == Refusal()


def test_the_wait_grows_and_stays_bearable(database: Database) -> None:
    add(database)
    waits = []
    at = timedelta()
    for _ in range(14):
        refusal = attempt(database, "wrong", after=at)
        if isinstance(refusal, Refusal) and refusal.wait:
            waits.append(refusal.wait)
            at += timedelta(seconds=refusal.wait)
            attempt(database, "wrong", after=at)
    assert waits == sorted(waits)
    assert waits[-1] == 60


def test_one_address_cannot_try_all_accounts(database: Database) -> None:
    for number in range(30):
        assert attempt(database, "wrong", email=f"p{number}@example.org") == Refusal()
    assert attempt(database, "wrong", email="p31@example.org") == Refusal(wait=2)
    assert attempt(database, "wrong", email="p31@example.org", address="198.51.100.7") == Refusal()


def test_failures_are_forgotten_after_half_a_day(database: Database) -> None:
    add(database)
    for _ in range(5):
        attempt(database, "wrong")
    assert isinstance(attempt(database, RIGHT, after=timedelta(hours=13)), Person)


def test_whoever_is_kept_out_is_out_at_once(database: Database) -> None:
    add(database, email="bob@example.org")
    person = add(database)
    with database.writing() as transaction:
        link = accounts.make_reset_link(transaction, person, NOW, by="x")
        accounts.set_active(transaction, person, False, NOW, by="bob@example.org")
        assert accounts.owner_of_link(transaction, link, NOW) is None
    assert seen(database).stamp != person.stamp
    assert attempt(database, RIGHT) == Refusal()


def test_someone_who_may_publish_is_always_left(database: Database) -> None:
    person = add(database)
    add(database, email="bob@example.org", role="curator")
    with pytest.raises(AccountError, match="Nobody would be left"), database.writing() as transaction:
        accounts.set_active(transaction, person, False, NOW, by=ANN)
    with pytest.raises(AccountError, match="Nobody would be left"), database.writing() as transaction:
        accounts.set_role(transaction, person, "curator", NOW, by=ANN)
    assert seen(database) == person


def test_a_reset_link_works_once_and_ends_logins(database: Database) -> None:
    person = add(database)
    with database.writing() as transaction:
        link = accounts.make_reset_link(transaction, person, NOW, by="command line")
    with database.writing() as transaction:
        owner = accounts.owner_of_link(transaction, link, NOW + timedelta(hours=23))
        assert owner == person
        accounts.set_password(transaction, owner, "another pass phrase", NOW, by=ANN)
        assert accounts.owner_of_link(transaction, link, NOW) is None
    assert seen(database).stamp != person.stamp
    assert attempt(database, RIGHT) == Refusal()
    assert isinstance(attempt(database, "another pass phrase"), Person)


def test_an_old_forged_or_replaced_link_is_nobodys(database: Database) -> None:
    person = add(database)
    with database.writing() as transaction:
        first = accounts.make_reset_link(transaction, person, NOW, by="x")
        link = accounts.make_reset_link(transaction, person, NOW, by="x")
        assert accounts.owner_of_link(transaction, first, NOW) is None
        assert accounts.owner_of_link(transaction, link, NOW + timedelta(hours=24)) is None
        assert accounts.owner_of_link(transaction, "forged\ud800", NOW) is None
        assert link not in str(transaction.execute(text("SELECT * FROM reset_links")).all())


def test_the_password_is_asked_again_before_it_changes(database: Database) -> None:
    person = add(database)
    assert check_password(database, person, RIGHT)
    assert not check_password(database, person, "wrong")


@pytest.mark.parametrize(
    "email", ["", "ann", "@example.org", "ann@", "ann@localhost", "a b@example.org", "a@b@c.org", "a@b.org\n"]
)
def test_what_is_no_address_gets_no_account(database: Database, email: str) -> None:
    if email.strip() == "a@b.org":
        assert add(database, email=email).email == "a@b.org"
        return
    with pytest.raises(AccountError, match="no e-mail address"):
        add(database, email=email)


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 1001])
def test_passwords_have_a_length(database: Database, password: str) -> None:
    with pytest.raises(AccountError, match="at least 12"):
        add(database, password=password)


def test_an_address_has_one_account(database: Database) -> None:
    add(database)
    with pytest.raises(AccountError, match="already"):
        add(database, email="ANN@example.org")


def test_every_act_is_in_the_audit(database: Database) -> None:
    person = add(database)
    attempt(database, "wrong")
    attempt(database, RIGHT)
    with database.writing() as transaction:
        accounts.make_reset_link(transaction, person, NOW, by="command line")
        accounts.set_password(transaction, person, "another pass phrase", NOW, by=ANN)
    with database.reading() as transaction:
        found = entries(transaction)
        assert [(each.who, each.act) for each in found] == [
            (ANN, "password set"),
            ("command line", "reset link made"),
            (ANN, "logged in"),
            (ANN, "login failed"),
            ("command line", "account added"),
        ]
        assert [each.act for each in entries(transaction, who=ANN, before=found[0].id, limit=1)] == ["logged in"]
        assert [each.details for each in entries(transaction, act="account added")] == [
            {"email": ANN, "role": "publisher"}
        ]


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit", "TRUNCATE audit"])
def test_nobody_changes_the_audit(database: Database, statement: str) -> None:
    with database.writing() as transaction:
        note(transaction, ANN, "tested", NOW)
    with pytest.raises(StorageError), database.writing() as transaction:
        transaction.execute(text(statement))
    with database.reading() as transaction:
        assert [each.who for each in entries(transaction)] == [ANN]
