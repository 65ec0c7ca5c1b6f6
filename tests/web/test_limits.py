"""Rate limits, in memory and with a real Redis where one runs."""

import socket
import time
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient

from chatbot import Chatbot
from chatbot.settings import Settings
from web.app import create_app

KEY = "a key for tests that is long enough"
ALARMING = "I can't pee and both my legs have gone numb"


def client_of(bot: Chatbot, **more: Any) -> FlaskClient:
    return create_app(Settings(secret_key=KEY, **more), bot).test_client()


def ask(
    client: FlaskClient, message: str = "what is PRP?", address: str = "", **more: Any
) -> tuple[int, dict[str, Any]]:
    environment = {"REMOTE_ADDR": address or f"192.0.2.{uuid.uuid4().int % 250}"}
    response = client.post("/api/chat", json={"message": message, **more}, environ_base=environment)
    return response.status_code, dict(response.json or {}) | {"retry": response.headers.get("Retry-After")}


def test_an_address_has_its_limit(small_bot: Chatbot) -> None:
    """The next one is refused, told when to try again; another address is not."""
    client = client_of(small_bot, limit_address=3)
    assert [ask(client, address="192.0.2.1")[0] for _ in range(4)] == [200, 200, 200, 429]
    status, problem = ask(client, address="192.0.2.1")
    assert status == 429
    assert 1 <= int(problem["retry"]) <= 60
    assert f"wait {problem['retry']} seconds" in problem["detail"]
    assert problem["safety_line"]
    assert ask(client, address="192.0.2.2")[0] == 200


def test_a_conversation_has_its_limit_wherever_it_comes_from(small_bot: Chatbot) -> None:
    client = client_of(small_bot, limit_session=2)
    state = ask(client)[1]["state"]
    assert [ask(client, state=state, address=f"192.0.2.{i}")[0] for i in range(3)] == [200, 200, 429]


def test_a_limit_does_not_come_before_the_safety_gate(small_bot: Chatbot) -> None:
    client = client_of(small_bot, limit_address=1)
    ask(client, address="192.0.2.1")
    status, problem = ask(client, ALARMING, address="192.0.2.1")
    assert (status, problem["tier"]) == (429, "emergency")
    assert problem["blocks"][0]["type"] == "safety_card"


def test_redis_counts_for_all_processes(small_bot: Chatbot, redis_url: str) -> None:
    one, other = (client_of(small_bot, limit_address=3, redis_url=redis_url) for _ in range(2))
    assert [ask(each, address="192.0.2.9")[0] for each in (one, other, one, other)] == [200, 200, 200, 429]


def test_nobody_notices_that_redis_is_down(small_bot: Chatbot) -> None:
    """Limits are counted in the process then."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = client_of(small_bot, limit_address=2, redis_url=f"redis://127.0.0.1:{port}/0")
    assert [ask(client, address="192.0.2.3")[0] for _ in range(3)] == [200, 200, 429]


def test_a_redis_that_hangs_costs_little_time(small_bot: Chatbot) -> None:
    """It accepts and never answers: waited for once, then left alone for a while."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = client_of(small_bot, redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        began = time.monotonic()
        assert [ask(client)[0] for _ in range(5)] == [200] * 5
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(("proxies", "statuses"), [(0, [200, 429]), (1, [200, 200])])
def test_forwarded_addresses_count_only_as_configured(small_bot: Chatbot, proxies: int, statuses: list[int]) -> None:
    """Without a proxy in front, anybody could name a new address with every message."""
    client = client_of(small_bot, limit_address=1, proxies=proxies)
    found = [
        client.post("/api/chat", json={"message": "prp"}, headers={"X-Forwarded-For": address}).status_code
        for address in ("198.51.100.1", "198.51.100.2")
    ]
    assert found == statuses


def test_only_the_last_proxies_are_believed(small_bot: Chatbot) -> None:
    """What a visitor writes in front of what our proxy adds counts for nothing."""
    client = client_of(small_bot, limit_address=1, proxies=1)
    found = [
        client.post("/api/chat", json={"message": "prp"}, headers={"X-Forwarded-For": f"{forged}, 198.51.100.7"})
        for forged in ("1.1.1.1", "2.2.2.2")
    ]
    assert [response.status_code for response in found] == [200, 429]
