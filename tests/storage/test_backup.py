"""Backup and restore, on each database and from one to the other."""

import gzip
import json
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chatbot.errors import StorageError
from chatbot.storage.backup import backup, restore
from chatbot.storage.database import Database
from chatbot.storage.tables import Table
from chatbot.storage.turns import Feedback, Missed, TurnRecord, record

NOW = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture
def other(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the other kind."""
    opened = Database.open(
        request.getfixturevalue("server_url") if database.is_sqlite else f"sqlite:///{tmp_path}/o.db"
    )
    yield opened
    opened.close()


def fill(database: Database, text: str = "Wo ist mein Knie? 🦵") -> None:
    turn = TurnRecord(NOW, "fallback", None, ("prp_price",), (Missed(text, "unanswered"),))
    record(database, [turn, Feedback("t1", NOW, helpful=False, intent="prp_price", question="why")], keep_texts=True)


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in Table.metadata.tables.items()
        }


def test_restore_brings_everything_back(database: Database, tmp_path: Path) -> None:
    fill(database)
    before = everything(database)
    assert backup(database, tmp_path / "b.gz", NOW) == restore(database, tmp_path / "b.gz", replace=True)
    assert everything(database) == before
    fill(database, "a new one")  # numbers go on where they were


def test_a_backup_moves_to_the_other_kind_of_database(database: Database, other: Database, tmp_path: Path) -> None:
    fill(database)
    backup(database, tmp_path / "b.gz", NOW)
    restore(other, tmp_path / "b.gz")
    assert everything(other) == everything(database)
    fill(other, "a new one")


def test_a_backup_can_be_read_by_its_owner_only(database: Database, tmp_path: Path) -> None:
    backup(database, tmp_path / "b.gz", NOW)
    assert stat.S_IMODE((tmp_path / "b.gz").stat().st_mode) == 0o600


def test_data_is_never_lost_unasked(database: Database, tmp_path: Path) -> None:
    backup(database, tmp_path / "b.gz", NOW)
    fill(database)
    before = everything(database)
    with pytest.raises(StorageError, match="--replace"):
        restore(database, tmp_path / "b.gz")
    assert everything(database) == before


def _cut(lines: list[Any]) -> None:
    del lines[-1]


def _lose_a_row(lines: list[Any]) -> None:
    del lines[2]


def _forge_a_column(lines: list[Any]) -> None:
    lines[1]["row"]["surprise"] = 1


def _come_from_the_future(lines: list[Any]) -> None:
    lines[0]["migration"] = "9999"


def _be_something_else(lines: list[Any]) -> None:
    lines[0] = {"format": "diary"}


@pytest.mark.parametrize("damage", [_cut, _lose_a_row, _forge_a_column, _come_from_the_future, _be_something_else])
def test_a_damaged_backup_changes_nothing(
    database: Database, tmp_path: Path, damage: Callable[[list[Any]], None]
) -> None:
    fill(database)
    file = tmp_path / "b.gz"
    backup(database, file, NOW)
    lines = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    damage(lines)
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    before = everything(database)
    with pytest.raises(StorageError, match=str(file)):
        restore(database, file, replace=True)
    assert everything(database) == before


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", gzip.compress(b"nonsense"), gzip.compress(b'{"a": 1}' * 99)[:-9]]
)
def test_what_is_no_backup_is_said(database: Database, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.gz").write_bytes(content)
    with pytest.raises(StorageError, match="no backup"):
        restore(database, tmp_path / "b.gz")


def test_a_database_without_tables_has_nothing_to_back_up(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no tables"):
        backup(empty, tmp_path / "b.gz", NOW)
    assert list(tmp_path.glob("*.gz*")) == []
