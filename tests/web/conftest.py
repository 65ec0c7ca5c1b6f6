"""Apps on the small knowledge: one that keeps nothing, one with a database of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient

from chatbot import Chatbot
from chatbot.settings import Settings
from chatbot.storage.database import Database
from web.app import create_app

KEY = "a key for tests that is long enough"
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/3")


@pytest.fixture
def app(small_bot: Chatbot) -> Flask:
    return create_app(Settings(secret_key=KEY), small_bot)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def redis_url() -> Iterator[str]:
    """A real Redis; our counters in it are removed before and after."""
    server = redis.Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        server.ping()
    except redis.RedisError:
        pytest.skip("no Redis runs here")
    _forget_counters(server)
    yield REDIS
    _forget_counters(server)
    server.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'chatbot.db'}")
    database.migrate()
    yield database
    database.close()


def _forget_counters(server: "redis.Redis") -> None:
    """Only what the rate limits have written: the rest of the Redis may be somebody's."""
    for key in server.scan_iter("clinic-chatbot:*"):
        server.delete(key)
