"""Switches: what staff change while the server runs, and who did."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from chatbot.errors import StorageError
from chatbot.storage import switches
from chatbot.storage.audit import entries
from chatbot.storage.database import Database
from chatbot.storage.switches import Change, Switches, Value

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def turn(database: Database, name: str, value: Value | None) -> None:
    with database.writing() as transaction:
        switches.turn(transaction, name, value, "ann", NOW)


def read(database: Database) -> Switches:
    with database.reading() as transaction:
        return switches.read(transaction)


def test_the_chat_is_on_until_someone_turns_it_off(database: Database) -> None:
    assert read(database) == Switches(chat=True)
    turn(database, "chat", False)
    assert read(database) == Switches(chat=False)


def test_a_value_of_none_is_the_environments_again(database: Database) -> None:
    turn(database, "retention_days", 0)
    assert read(database).retention_days == 0
    turn(database, "retention_days", None)
    assert read(database) == Switches()


def test_each_change_has_a_name_and_an_entry_in_the_audit(database: Database) -> None:
    turn(database, "limit_address", 20)
    turn(database, "limit_address", 30)
    with database.reading() as transaction:
        assert switches.changes(transaction) == (Change("limit_address", 30, "ann", NOW),)
        assert [each.details["value"] for each in entries(transaction)] == ["30", "20"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonsense", True),
        ("chat", 1),
        ("retention_days", True),
        ("retention_days", -1),
        ("retention_days", 366),
        ("retention_days", 1.5),
        ("limit_session", 0),
        ("accuracy_loss", 101),
        ("accuracy_loss", float("nan")),
    ],
)
def test_other_values_are_refused(database: Database, name: str, value: Value) -> None:
    with pytest.raises(StorageError, match=name):
        turn(database, name, value)
    assert read(database) == Switches()


def test_what_another_version_stored_is_ignored(database: Database) -> None:
    """After going back to an older version the server must start."""
    with database.writing() as transaction:
        for name in ("future", "chat"):
            row = {"name": name, "moment": NOW.replace(tzinfo=None)}
            transaction.execute(text("INSERT INTO switches VALUES (:name, '\"maybe\"', 'x', :moment)"), row)
    assert read(database) == Switches()
