"""Members of staff at their browsers, without a browser: each keeps cookies and finds the forms on its pages."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chatbot import Chatbot
from chatbot.settings import Settings
from chatbot.storage import accounts, inbox
from chatbot.storage.accounts import Role
from chatbot.storage.database import Database
from chatbot.storage.turns import Missed, TurnRecord, record
from tests.storage.databases import postgresql
from web.app import create_app

KEY = "a key for tests that is long enough"
PASSWORD = "correct horse battery"  # noqa: S105 - opens nothing but these tests
ANNA, BEN, CORA = "anna@clinic.example", "ben@clinic.example", "cora@clinic.example"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Colleague:
    """Someone with a browser."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def log_in(self, email: str = ANNA, password: str = PASSWORD, after: str = "") -> TestResponse:
        """Fill in the form to log in with."""
        return self.post(f"/staff/login{after}", email=email, password=password)

    def get(self, address: str) -> TestResponse:
        """Open a page."""
        return self.client.get(address)

    def page(self, address: str) -> str:
        """The text of a page that is there."""
        response = self.client.get(address)
        assert response.status_code == 200, response.get_data(as_text=True)
        return unescape(response.get_data(as_text=True))

    def post(self, address: str, **fields: object) -> TestResponse:
        """Send a form with the token of a page that was open."""
        return self.client.post(address, data={"csrf_token": self.token(), **fields})

    def token(self) -> str:
        """The token in the forms of this session."""
        for address in ("/staff/password", "/staff/login"):
            found = _TOKEN.search(self.client.get(address).get_data(as_text=True))
            if found:
                return found[1]
        return ""

    def draft(self) -> str:
        """The address of one's own draft."""
        location = self.client.get("/staff/draft").headers["Location"]
        return str(location)

    def publish(self, comment: str = "for a test") -> TestResponse:
        """Publish one's own draft."""
        return self.post(f"{self.draft()}/publish", comment=comment)


Hire = Callable[..., Colleague]


def employ(url: str) -> str:
    """A publisher (Anna), another one (Cora) and a curator (Ben), in a database with its tables. Its address."""
    database = Database.open(url)
    database.migrate()
    people: tuple[tuple[str, Role], ...] = ((ANNA, "publisher"), (BEN, "curator"), (CORA, "publisher"))
    with database.writing() as transaction:
        for email, role in people:
            accounts.add(transaction, email, role, PASSWORD, datetime.now(UTC), "the tests")
    database.close()
    return url


@pytest.fixture(scope="session")
def staffed_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with the three of them, to copy: hashing passwords takes its time."""
    path = tmp_path_factory.mktemp("staffed") / "chatbot.db"
    employ(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def staffed_server() -> Iterator[str]:
    """The name of a database with the three of them on a PostgreSQL server, to copy."""
    with postgresql() as url:
        yield employ(url).rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return str(request.param)


@pytest.fixture
def database(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[Database]:
    """A database with the three of them: a file, and one on a PostgreSQL server where there is one."""
    with ExitStack() as stack:
        if kind == "sqlite":
            file = shutil.copy(request.getfixturevalue("staffed_file"), tmp_path / "chatbot.db")
            database = Database.open(f"sqlite:///{file}")
        else:
            name = request.getfixturevalue("staffed_server")
            database = Database.open(stack.enter_context(postgresql(like=name)))
        stack.callback(database.close)
        yield database


@pytest.fixture
def app(database: Database, small_bot: Chatbot, small_knowledge: Path) -> Flask:
    """An app on the small knowledge."""
    return create_app(Settings(secret_key=KEY, intents=small_knowledge), small_bot, database)


@pytest.fixture
def hire(app: Flask) -> Hire:
    """Somebody at a browser, logged in unless told otherwise."""

    def hire(email: str = ANNA, logged_in: bool = True) -> Colleague:
        colleague = Colleague(app)
        if logged_in:
            assert colleague.log_in(email).status_code == 302
        return colleague

    return hire


@pytest.fixture
def anna(hire: Hire) -> Colleague:
    """A publisher who is logged in."""
    return hire(ANNA)


@pytest.fixture
def ask(database: Database) -> Callable[..., list[int]]:
    """Puts questions into the inbox as patients would; their ids."""

    def ask(*texts: str, intent: str | None = None) -> list[int]:
        missed = tuple(Missed(text, "unanswered", intent) for text in texts)
        record(database, [TurnRecord(datetime.now(UTC), "fallback", None, (), missed)], keep_texts=True)
        with database.reading() as transaction:
            return [item.id for item in inbox.items(transaction)]

    return ask
