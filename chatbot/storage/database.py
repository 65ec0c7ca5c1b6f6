"""One database, SQLite or PostgreSQL: opening it, transactions, migrations, and whether it can be reached."""

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any, Self

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from chatbot.errors import StorageDownError, StorageError

#: What functions of this package take to be part of a transaction that their caller begins.
Transaction = Connection

MIGRATIONS = Path(__file__).parent / "migrations"

#: How long a connection or a lock is waited for before the database counts as down, in seconds.
PATIENCE = 2
#: How long one statement may take on PostgreSQL, in seconds; publishing and migrating need more than counting does.
_STATEMENT = 10

#: Held on PostgreSQL while tables are made or changed, so that machines that start together take turns.
_MIGRATING = 0x636C696E


class Database:
    """A pool of connections that survives a fork; every fault comes out as a StorageError, never with its values."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        _forget_connections_at_fork(engine)

    @classmethod
    def open(cls, url: str) -> Self:
        """The database at an address such as `sqlite:///data/chatbot.db` or `postgres://user:word@host/name`.

        Nothing is connected yet; an SQLite file is made where there is none, for the eyes of its owner only.

        Raises:
            StorageError: it is no address of a database that the chatbot can use.
        """
        address = _address(url)
        return cls(_sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address))

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file of SQLite rather than a PostgreSQL server."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database throughout.

        Raises:
            StorageDownError: it cannot be reached.
            StorageError: it refused a statement.
        """
        with self._transaction(isolation_level="REPEATABLE READ") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept if the block ends well, else undone; on SQLite it is the only one that writes.

        Raises:
            StorageDownError: it cannot be reached, or is locked, read-only or full.
            StorageError: it refused a statement.
        """
        with self._transaction(writes=True) as connection:
            yield connection

    @contextmanager
    def _transaction(self, isolation_level: str | None = None, **options: Any) -> Iterator[Connection]:
        if isolation_level and not self.is_sqlite:  # SQLite has that level, and no other
            options["isolation_level"] = isolation_level
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            raise StorageDownError(f"{self} cannot be used now: {_first_line(error)}.") from error
        except DBAPIError as error:
            # Without the cause: what a database says of a value that it refuses quotes the value.
            raise StorageError(f"{self} refused a statement ({type(error.orig).__name__}).") from None

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables to a revision of `migrations/`: `head` the newest, `base` none; all of it or nothing.

        Raises:
            StorageError: the database cannot be used.
        """
        with self.writing() as connection:
            migrate(connection, revision)

    def revision(self) -> str | None:
        """The migration that the tables are at; none in an empty database."""
        with self.reading() as connection:
            return migration_of(connection)

    def require_tables(self) -> None:
        """Refuse to go on with other tables than this version of the chatbot knows.

        Raises:
            StorageError: they are older, newer or not there; the message says what to do.
        """
        with self.reading() as connection:
            there, known = migration_of(connection), newest_migration(connection)
        if there != known:
            has = f"tables of migration {there}" if there else "no tables"
            raise StorageError(
                f"{self} has {has}, but this version of the chatbot needs migration {known}. "
                "Run 'python -m chatbot migrate', or update the chatbot if it is the older."
            )

    def reachable(self, within: float = PATIENCE + 0.5) -> bool:
        """Whether it answers within so many seconds, whatever keeps it from answering."""
        answered = threading.Event()
        # A server that is frozen never returns from a statement, so nothing may wait for this thread.
        threading.Thread(target=self._knock, args=(answered.set,), daemon=True, name="database-knock").start()
        return answered.wait(within)

    def _knock(self, answer: Callable[[], None]) -> None:
        try:
            with self.reading() as connection:
                connection.execute(select(1))
        except StorageError:
            return
        answer()

    def close(self) -> None:
        """Give back all connections; the next use opens new ones."""
        self.engine.dispose()

    def __str__(self) -> str:
        return f"The database at {self.engine.url.render_as_string(hide_password=True)}"


def migrate(connection: Connection, revision: str) -> None:
    """As `Database.migrate`, inside a transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
    # Migrations have numbers, which compare as text.
    down = revision == "base" or (migration_of(connection) or "") > revision
    (command.downgrade if down else command.upgrade)(alembic_config(connection), revision)


def migration_of(connection: Connection) -> str | None:
    """The migration that the tables are at."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def newest_migration(connection: Connection) -> str | None:
    """The migration that this version of the chatbot needs."""
    return ScriptDirectory.from_config(alembic_config(connection)).get_current_head()


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings for a connection; there is no alembic.ini, so that nothing can disagree with `Database`."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise StorageError(
            "DATABASE_URL is no address of a database. Write it like sqlite:///data/chatbot.db or "
            "postgresql://user:password@host/name."
        ) from None
    if address.drivername in {"postgres", "postgresql"}:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername == "sqlite" and address.database not in {None, "", ":memory:"}:
        return address
    if address.drivername == "postgresql+psycopg":
        return address
    raise StorageError(
        f"DATABASE_URL begins with {address.drivername}:, which the chatbot cannot use. "
        "Name a file (sqlite:///data/chatbot.db) or a PostgreSQL server (postgresql://user:password@host/name)."
    )


def _sqlite(address: URL) -> Engine:
    path = Path(address.database or "")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {path.parent} of the database cannot be made ({error.strerror}).") from error
    with suppress(OSError):  # whoever cannot write there is told so when they try
        path.touch(mode=0o600)
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SQLiteConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own: `_begin_sqlite` does
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: one that read first could not wait for another writer any more."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(address: URL) -> Engine:
    milliseconds = PATIENCE * 1000
    return create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=2,  # a process has few users of the database: the writer, the watcher, a page of the staff
        max_overflow=8,
        pool_timeout=PATIENCE,
        connect_args={
            "connect_timeout": PATIENCE,
            "tcp_user_timeout": milliseconds,
            "options": f"-c statement_timeout={_STATEMENT * 1000} -c lock_timeout={milliseconds}",
            "prepare_threshold": None,  # a pooler such as PgBouncer hands each transaction to another session
        },
    )


def _forget_connections_at_fork(engine: Engine) -> None:
    """Neither database allows a connection to be used, or even closed, by a child of the process that opened it."""
    known = weakref.ref(engine)

    def dispose(close: bool) -> None:
        if (found := known()) is not None:
            found.dispose(close=close)

    os.register_at_fork(before=lambda: dispose(close=True), after_in_child=lambda: dispose(close=False))


def _first_line(error: Exception) -> str:
    """What the driver says, in one line; of these errors it says why, and never a value."""
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
