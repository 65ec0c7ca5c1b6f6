"""The signed state that travels with the patient."""

import json
import time
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import HMACAlgorithm, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode

from chatbot import Chatbot
from chatbot.settings import Settings
from web.app import create_app

KEY = "a key for tests that is long enough"
#: What signs states, made of the library's own parts.
STATES = TimestampSigner(KEY, salt="conversation", algorithm=HMACAlgorithm(sha256))
SITE, OTHER = "https://clinic.example", "https://other.example"


def client_of(bot: Chatbot, **more: Any) -> FlaskClient:
    return create_app(Settings(secret_key=KEY, **more), bot).test_client()


def ask(client: FlaskClient, message: str, state: str | None = None, origin: str | None = None) -> dict[str, Any]:
    body = {"message": message} | ({"state": state} if state else {})
    response = client.post("/api/chat", json=body, headers={"Origin": origin} if origin else {})
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def assert_fresh(reply: dict[str, Any]) -> None:
    """The choice "1" means nothing, and the reply says that the conversation is new."""
    assert reply["intents"] == []
    assert "new" in reply["notice"]


def test_a_forged_state_starts_afresh(client: FlaskClient) -> None:
    state = ask(client, "what is PRP?")["state"]
    middle = len(state) // 2
    forged = state[:middle] + ("A" if state[middle] != "A" else "B") + state[middle + 1 :]
    assert_fresh(ask(client, "1", forged))


def test_an_expired_state_starts_afresh(small_bot: Chatbot, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(small_bot, session_hours=1)
    state = ask(client, "what is PRP?")["state"]
    later = time.time() + 3_700
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert_fresh(ask(client, "1", state))


def test_a_state_of_another_site_starts_afresh(small_bot: Chatbot) -> None:
    client = client_of(small_bot, sites=(SITE, OTHER))
    state = ask(client, "what is PRP?", origin=SITE)["state"]
    assert ask(client, "1", state, SITE)["intents"] == ["prp_procedure"]
    assert_fresh(ask(client, "1", state, OTHER))


def test_a_state_of_another_server_starts_afresh(client: FlaskClient, small_bot: Chatbot) -> None:
    stranger = create_app(Settings(secret_key=KEY[::-1]), small_bot).test_client()
    assert_fresh(ask(client, "1", ask(stranger, "what is PRP?")["state"]))


def test_a_signed_state_of_another_shape_starts_afresh(client: FlaskClient) -> None:
    """What an older version has signed may be anything."""
    shapes: tuple[object, ...] = ([], "text", {"id": 5}, {"id": "a", "site": "own", "session": {"misses": "many"}})
    for payload in (*(json.dumps(shape).encode() for shape in shapes), b"no JSON", b"\xff"):
        assert_fresh(ask(client, "1", STATES.sign(base64_encode(payload)).decode()))
    assert_fresh(ask(client, "1", STATES.sign(b"a").decode()))


@given(state=st.one_of(st.text(min_size=1, max_size=300), st.just("a" * 100_000)))
@settings(max_examples=50, deadline=None)
def test_any_state_is_borne(small_bot: Chatbot, state: str) -> None:
    assert_fresh(ask(client_of(small_bot), "1", state.encode("utf-8", "replace").decode()))


def test_a_state_stays_small(client: FlaskClient) -> None:
    state = None
    for message in ("what is PRP?", "how is it done?", "price", "qwertz", "my buttock hurts when i sit"):
        state = ask(client, message, state)["state"]
        assert len(state) < 500


def test_a_state_holds_no_text(client: FlaskClient) -> None:
    """The state goes along with every message; what was typed stays out of it."""
    state = ask(client, "I am Ada, what is PRP?")["state"]
    content = json.loads(base64_decode(state.split(".")[0]))
    assert content["session"]["intent"] == "prp_definition"
    assert "Ada" not in str(content)
