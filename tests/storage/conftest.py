"""What the tests of the database share: each runs on SQLite, and on PostgreSQL where there is one."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chatbot.storage.database import Database
from tests.storage.databases import postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    with ExitStack() as stack:
        sqlite = request.param == "sqlite"
        yield f"sqlite:///{tmp_path}/data/chatbot.db" if sqlite else stack.enter_context(postgresql())


@pytest.fixture
def empty(url: str) -> Iterator[Database]:
    """A database without tables."""
    database = Database.open(url)
    yield database
    database.close()


@pytest.fixture
def database(empty: Database) -> Database:
    """A database with its tables."""
    empty.migrate()
    return empty


@pytest.fixture
def server() -> Iterator[Database]:
    """A database with its tables on a PostgreSQL server, for what a file cannot suffer."""
    with postgresql() as url:
        database = Database.open(url)
        database.migrate()
        yield database
        database.close()
