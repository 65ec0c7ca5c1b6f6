"""Opening a database, its migrations, and what happens where it is down."""

import os
import socket
import stat
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text

from chatbot.errors import StorageDownError, StorageError
from chatbot.storage.database import Database
from chatbot.storage.tables import Question, Table

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []


def test_migrations_lead_down_to_nothing_and_up_again(database: Database) -> None:
    database.migrate("base")
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        if not database.is_sqlite:
            assert connection.execute(text("SELECT count(*) FROM pg_proc WHERE proname LIKE 'refuse%'")).scalar() == 0
    database.migrate()
    with database.reading() as connection:
        assert set(inspect(connection).get_table_names()) == {*Table.metadata.tables, "alembic_version"}


def test_migrating_twice_changes_nothing(database: Database) -> None:
    before = database.revision()
    database.migrate()
    assert database.revision() == before is not None


def test_an_empty_database_has_no_revision(empty: Database) -> None:
    assert empty.revision() is None


def test_tables_of_another_version_are_refused(empty: Database) -> None:
    with pytest.raises(StorageError, match="no tables, but"):
        empty.require_tables()
    empty.migrate("0001")
    with pytest.raises(StorageError, match="migration 0001"):
        empty.require_tables()
    empty.migrate()
    empty.require_tables()


def test_a_step_back_keeps_the_rows(database: Database) -> None:
    """A deployment is undone: what patients asked stays, and is there after the next step forward."""
    with database.writing() as connection:
        row = {"reason": "unclear", "text": "a", "digest": "d", "number": 3, "first_seen": NOW, "last_seen": NOW}
        connection.execute(insert(Question).values(row))
        connection.execute(text("INSERT INTO votes VALUES ('t', '2026-03-01', 'i', FALSE, NULL, 1)"))
    database.migrate("0001")
    database.migrate()
    with database.reading() as connection:
        assert tuple(connection.execute(text("SELECT id, text, number, state FROM questions")).one()) == (
            1,
            "a",
            3,
            "new",
        )
        assert connection.execute(text("SELECT question FROM votes")).scalar() == 1


def test_reachable(database: Database) -> None:
    assert database.reachable()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_name_of_postgresql_is_understood(scheme: str) -> None:
    """Hosts give addresses that begin with `postgres:`, which SQLAlchemy does not know."""
    assert Database.open(f"{scheme}://u:p@example.org/clinic").engine.url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://u@h/d", "sqlite://", "sqlite:///:memory:", "oracle://secret@h"]
)
def test_other_databases_are_refused_in_words(url: str) -> None:
    with pytest.raises(StorageError, match="DATABASE_URL") as caught:
        Database.open(url)
    assert "secret" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be made"):
        Database.open(f"sqlite:///{tmp_path}/file/chatbot.db")


def test_sqlite_is_set_up_for_several_processes(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/chatbot.db")
    with database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 2000}


def test_the_file_is_its_owners(tmp_path: Path) -> None:
    """Also where the folder is open to all: it holds hashes of passwords, and patients' questions."""
    database = Database.open(f"sqlite:///{tmp_path}/chatbot.db")
    database.migrate()
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    database.close()


def test_a_block_that_fails_leaves_nothing(database: Database) -> None:
    statement = text("INSERT INTO turn_counts VALUES ('2026-01-01', 'answer', '', 1)")
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        _ = connection.execute(statement), 1 / 0
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM turn_counts")).scalar() == 0


def test_an_error_names_no_password_and_no_value(database: Database) -> None:
    """Values may be what patients wrote, and errors end up in logs."""
    statement = text("INSERT INTO votes (turn, day, helpful, reason) VALUES (NULL, '2026-01-01', NULL, :it)")
    with pytest.raises(StorageError) as caught, database.writing() as connection:
        connection.execute(statement, {"it": "my secret"})
    assert "my secret" not in "".join(map(str, (caught.value, caught.value.__cause__)))


def test_nobody_listens() -> None:
    """A port without a server: the error comes at once and says where."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = Database.open(f"postgresql://user:hidden@127.0.0.1:{port}/clinic")
    assert not database.reachable()
    with pytest.raises(StorageDownError, match=str(port)) as caught, database.reading():
        pass
    assert "hidden" not in str(caught.value)


def test_a_server_that_never_answers_is_noticed_in_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Database.open(f"postgresql://user@127.0.0.1:{silent.getsockname()[1]}/clinic")
        began = time.monotonic()
        assert not database.reachable()
        with pytest.raises(StorageDownError), database.reading():
            pass
        assert time.monotonic() - began < 6


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "chatbot.db").write_text("not a database, but long enough to be looked at" * 50, encoding="utf-8")
    database = Database.open(f"sqlite:///{tmp_path}/chatbot.db")
    assert not database.reachable()
    with pytest.raises(StorageError):
        database.migrate()


def test_a_fork_shares_no_connection(database: Database) -> None:
    """As gunicorn does it: the parent has used the database, then parent and children use it at the same time."""
    with database.reading() as connection:
        connection.execute(select(1))
    children = [_forked(database) for _ in range(3)]
    for _ in range(20):
        with database.reading() as connection:
            assert connection.execute(select(1)).scalar() == 1
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]


def _forked(database: Database) -> int:
    child = os.fork()
    if child:
        return child
    try:
        for number in range(20):
            with database.writing() as connection:
                day = f"2026-01-{number + 1:02}"
                row = {"day": day, "kind": str(os.getpid())}
                connection.execute(text("INSERT INTO turn_counts VALUES (:day, :kind, '', 1)"), row)
        os._exit(0)
    finally:
        os._exit(1)
