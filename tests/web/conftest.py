"""A server of its own for each test that changes something, on the small knowledge."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatbot import Chatbot
from chatbot.settings import Settings
from web.app import create_app

KEY = "a key for tests that is long enough"


@pytest.fixture
def app(small_bot: Chatbot) -> Flask:
    return create_app(Settings(secret_key=KEY), small_bot)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
