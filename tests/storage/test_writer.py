"""The background writer: whatever befalls the database, putting a record returns at once and losses are counted."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, func, select

from chatbot.storage.database import Database
from chatbot.storage.tables import Question, TurnCount
from chatbot.storage.turns import Missed, TurnRecord
from chatbot.storage.writer import Writer

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TYPED = "my very own knee"


def a_turn(kind: str = "fallback", text: str = TYPED) -> TurnRecord:
    return TurnRecord(NOW, kind, None, (), (Missed(text, "unanswered"),))


def counted(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.coalesce(func.sum(TurnCount.number), 0))).scalar_one()


def put_quickly(writer: Writer, number: int) -> None:
    """Put so many records; none may take the time that the database takes."""
    began = time.monotonic()
    for _ in range(number):
        writer.put(a_turn())
    assert time.monotonic() - began < 0.2


def until(happens: Callable[[], bool], within: float = 20.0) -> None:
    """Wait for something that a thread does."""
    end = time.monotonic() + within
    while not happens():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def writer_for(database: Database, **options: int) -> Iterator[Writer]:
    writer = Writer(database, lambda: True, **options)
    try:
        yield writer
    finally:
        writer.stop(within=0.2)


def test_what_was_put_is_written(database: Database) -> None:
    with writer_for(database) as writer:
        put_quickly(writer, 1200)
        until(lambda: writer.waiting == 0)
        assert (counted(database), writer.lost) == (1200, 0)


def test_stop_writes_what_waits(database: Database) -> None:
    writer = Writer(database, lambda: True)
    put_quickly(writer, 3)
    writer.stop()
    assert (counted(database), writer.lost) == (3, 0)
    writer.put(a_turn())
    assert writer.lost == 1


def test_an_unused_writer_starts_no_thread_and_stops() -> None:
    before = threading.active_count()
    Writer(Database.open("postgresql://nobody@127.0.0.1:1/none"), lambda: True).stop()
    assert threading.active_count() == before


def test_no_text_where_none_may_be_kept(database: Database) -> None:
    """The setting is asked at each batch, since the staff may change it at any time."""
    keep = [True]
    writer = Writer(database, lambda: keep[0])
    writer.put(a_turn(text="first"))
    until(lambda: counted(database) == 1)
    keep[0] = False
    writer.put(a_turn(text="second"))
    writer.stop()
    with database.reading() as connection:
        assert connection.execute(select(Question.text)).scalars().all() == ["first"]


def test_database_without_a_server(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody listens: what finds no room is lost, counted, and logged without its text."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        database = Database.open(f"postgresql://user:hidden@127.0.0.1:{free.getsockname()[1]}/clinic")
        with writer_for(database, room=10) as writer:
            put_quickly(writer, 25)
            assert (writer.waiting, writer.lost) == (10, 15)
            until(lambda: "records wait for the database" in caplog.text)
    assert writer.lost == 25
    assert TYPED not in caplog.text
    assert "hidden" not in caplog.text


def test_database_that_is_locked_for_a_while(tmp_path: Path) -> None:
    """Another program holds the SQLite file for longer than anybody waits; everything is written afterwards."""
    database = Database.open(f"sqlite:///{tmp_path}/chatbot.db")
    database.migrate()
    with writer_for(database) as writer:
        with database.writing():
            put_quickly(writer, 50)
            time.sleep(3.5)
            assert counted(database) == 0
        until(lambda: counted(database) == 50)
    assert writer.lost == 0
    database.close()


def test_database_that_stops_and_comes_back(server: Database) -> None:
    """Connections die in the middle of work and no new ones are had; then all is well again."""
    with relay(server) as (through, relayed), writer_for(relayed) as writer:
        put_quickly(writer, 5)
        until(lambda: counted(server) == 5)
        through.stop()
        put_quickly(writer, 5)
        assert not relayed.reachable()
        time.sleep(1)
        assert counted(server) == 5
        through.start()
        until(lambda: counted(server) == 10)
        assert writer.lost == 0


def test_server_that_freezes_costs_no_time(server: Database) -> None:
    """Connections stay open and nothing comes back, as from a machine that hangs."""
    with relay(server) as (through, relayed):
        assert relayed.reachable()
        through.frozen = True
        writer = Writer(relayed, lambda: True, room=10)
        put_quickly(writer, 25)
        assert not relayed.reachable()
        began = time.monotonic()
        writer.stop(within=0.5)
        assert time.monotonic() - began < 1
        assert writer.lost == 25


def test_disk_that_is_full(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing half-written, nothing lost while there is room, and all written once there is space."""
    database = Database.open(f"sqlite:///{tmp_path}/chatbot.db")
    database.migrate()
    full = [True]

    def limit(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages if full[0] else 2**30}")

    event.listen(database.engine, "begin", limit)
    with writer_for(database) as writer:
        for number in range(300):
            writer.put(a_turn(text=f"{number} " + "long " * 190))
        until(lambda: "full" in caplog.text)
        assert (counted(database), writer.waiting, writer.lost) == (0, 300, 0)
        full[0] = False
        until(lambda: counted(database) == 300)
    assert "long" not in caplog.text
    database.close()


def test_file_that_may_only_be_read(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/chatbot.db")
    database.migrate()
    event.listen(database.engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON"))
    with writer_for(database, room=5) as writer:
        put_quickly(writer, 8)
        assert database.reachable()
        time.sleep(1)
        assert (writer.waiting, writer.lost) == (5, 3)
    database.close()


def test_tables_that_are_missing(empty: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody ran the migrations: the records are lost or wait, and the log says so without text."""
    with writer_for(empty) as writer:
        put_quickly(writer, 3)
        until(lambda: bool(caplog.records))
    assert writer.lost == 3
    assert TYPED not in caplog.text


def test_one_bad_record_costs_no_other(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """A record that the database refuses (here a kind beyond any length, or none at all) is lost alone."""
    with writer_for(database) as writer:
        writer.put(a_turn())
        writer.put(TurnRecord(NOW, None, None, (), (Missed(TYPED, "unanswered"),)))  # type: ignore[arg-type]
        writer.put(a_turn())
        until(lambda: writer.waiting == 0)
    assert (counted(database), writer.lost) == (2, 1)
    assert TYPED not in caplog.text


def test_several_processes_write_at_once(database: Database) -> None:
    """As with several workers: each has its own queue, and every record is counted exactly once."""
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            writer = Writer(database, lambda: True)
            for number in range(1_000):
                writer.put(a_turn(text=f"{TYPED} {number % 50}"))
            writer.stop(within=30)
            os._exit(writer.lost > 0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    assert counted(database) == 4_000
    with database.reading() as connection:
        assert connection.execute(select(func.sum(Question.number))).scalar() == 4_000
        assert connection.execute(select(func.count()).select_from(Question)).scalar() == 50


def test_a_child_writes_its_own_records_once(database: Database) -> None:
    """A fork while records wait in the parent: the parent writes them, the child writes what it is given itself."""
    writer = Writer(database, lambda: True)
    put_quickly(writer, 7)
    child = os.fork()
    if not child:
        writer.put(a_turn())
        writer.stop()
        os._exit(writer.lost)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    writer.stop()
    assert counted(database) == 8


@contextmanager
def relay(database: Database) -> "Iterator[tuple[Relay, Database]]":
    """A way to the database's server that can be cut and frozen, and the database at its end."""
    url = database.engine.url
    through = Relay((url.host or "127.0.0.1", url.port or 5432))
    through.start()
    relayed = Database.open(url.set(host="127.0.0.1", port=through.port).render_as_string(hide_password=False))
    try:
        yield through, relayed
    finally:
        through.stop()
        relayed.close()


class Relay:
    """Passes bytes on between a port of its own and a server."""

    def __init__(self, server: tuple[str, int]) -> None:
        self.server = server
        self.port = 0
        self.frozen = False
        self.sockets: list[socket.socket] = []

    def start(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.sockets = [self.listener]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def stop(self) -> None:
        for each in self.sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(self.server)
                self.sockets += [client, server]
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self.pass_on, args=pair, daemon=True).start()

    def pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not self.frozen:
                    target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)
