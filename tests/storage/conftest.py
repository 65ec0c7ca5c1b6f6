"""What the tests of the database share: each runs on SQLite, and on PostgreSQL where there is one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.storage.database import Database
from tests.storage.databases import make_empty, postgresql


@pytest.fixture(scope="session")
def shared_url() -> Iterator[str]:
    """A database on a PostgreSQL server, for one test after the other."""
    with postgresql() as url:
        yield url


@pytest.fixture
def server_url(shared_url: str) -> str:
    """The address of an empty database on a PostgreSQL server."""
    return make_empty(shared_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/chatbot.db"
    return str(request.getfixturevalue("server_url"))


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
def server(server_url: str) -> Iterator[Database]:
    """A database with its tables on a PostgreSQL server, for what a file cannot suffer."""
    database = Database.open(server_url)
    database.migrate()
    yield database
    database.close()
