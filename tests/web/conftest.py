"""Apps on the small knowledge: one that keeps nothing, one with a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatbot import Chatbot
from chatbot.settings import Settings
from chatbot.storage.database import Database
from web.app import create_app

KEY = "a key for tests that is long enough"


@pytest.fixture
def app(small_bot: Chatbot) -> Flask:
    return create_app(Settings(secret_key=KEY), small_bot)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'chatbot.db'}")
    database.migrate()
    yield database
    database.close()
