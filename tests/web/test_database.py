"""The chat with its database: what is recorded, what staff publish and switch, and that its failure costs nothing."""

import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from chatbot import Chatbot
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.settings import Settings
from chatbot.storage import revisions, switches
from chatbot.storage.database import Database
from chatbot.storage.tables import Question, TurnCount, Vote
from web.app import create_app
from web.services import Services, services_of

KEY = "a key for tests that is long enough"
NOW = datetime.now(UTC)


@pytest.fixture
def served(small_bot: Chatbot, database: Database) -> Iterator[Flask]:
    """An app with a database, whose writer is ended with the test."""
    app = create_app(Settings(secret_key=KEY), small_bot, database)
    yield app
    services_of(app).stop()


def ask(client: FlaskClient, message: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/chat", json={"message": message, **more})
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def settle(app: Flask) -> None:
    """Wait until what was recorded is written."""
    services_of(app).records.close()


def texts(database: Database) -> list[tuple[str, str]]:
    with database.reading() as transaction:
        return [(row.reason, row.text) for row in transaction.execute(select(Question.reason, Question.text))]


def test_turns_are_counted_and_only_misses_keep_their_text(served: Flask, database: Database) -> None:
    client = served.test_client()
    ask(client, "what is PRP?")
    ask(client, "qwertz asdfgh, call me on 07700 900123")
    settle(served)
    with database.reading() as transaction:
        counts = {row.kind: row.number for row in transaction.execute(select(TurnCount.kind, TurnCount.number))}
    assert counts == {"answer": 1, "fallback": 1}
    [(reason, text)] = texts(database)
    assert reason == "unanswered"
    assert "qwertz" in text
    assert "900123" not in text


@pytest.mark.parametrize(("helpful", "kept"), [(False, ["unhelpful"]), (True, [])])
def test_a_thumb_down_keeps_the_question(served: Flask, database: Database, helpful: bool, kept: list[str]) -> None:
    client = served.test_client()
    turn = ask(client, "what is PRP?")["turn"]
    response = client.post("/api/feedback", json={"turn": turn, "helpful": helpful, "reason": "wrong_answer"})
    assert (response.status_code, response.data) == (204, b"")
    settle(served)
    assert [reason for reason, _ in texts(database)] == kept
    with database.reading() as transaction:
        vote = transaction.execute(select(Vote.helpful, Vote.intent, Vote.reason)).one()
    assert tuple(vote) == (helpful, "prp_definition", "wrong_answer")


def test_feedback_on_a_turn_that_never_was_is_refused(served: Flask) -> None:
    client = served.test_client()
    assert client.post("/api/feedback", json={"turn": "forged", "helpful": True}).status_code == 404


def test_no_text_is_kept_without_retention(small_bot: Chatbot, database: Database) -> None:
    app = create_app(Settings(secret_key=KEY, retention_days=0), small_bot, database)
    ask(app.test_client(), "qwertz asdfgh")
    settle(app)
    assert texts(database) == []


def test_the_server_deletes_old_texts_by_itself(served: Flask, database: Database) -> None:
    """As soon as it starts, and then daily."""
    ask(served.test_client(), "qwertz asdfgh")
    settle(served)
    with database.writing() as transaction:
        long_ago = NOW - timedelta(days=31)
        transaction.execute(update(Question).values(last_seen=long_ago, first_seen=long_ago))
    services_of(served).retention.start()
    _until(lambda: texts(database) == [])


def test_what_staff_publish_becomes_live(served: Flask, database: Database, folder: Path) -> None:
    """The new answer comes, the conversation goes on, and a revision that cannot be used changes nothing."""
    client = served.test_client()
    state = ask(client, "what is PRP?")["state"]
    publish(database, folder, {"prp.yaml": ("It is made from your own blood.", "It comes from you.")})
    services_of(served).live.look()
    assert "It comes from you." in str(ask(client, "what is PRP?"))
    assert ask(client, "1", state=state)["intents"] == ["prp_procedure"]
    publish(database, folder, {"prp.yaml": ("kind: answer", "kind: nonsense")})
    services_of(served).live.look()
    assert "It comes from you." in str(ask(client, "what is PRP?"))


def test_a_new_process_starts_with_what_is_published(database: Database, folder: Path, small_knowledge: Path) -> None:
    publish(database, folder, {"prp.yaml": ("It is made from your own blood.", "It comes from you.")})
    app = create_app(Settings(secret_key=KEY, intents=small_knowledge), database=database)
    assert "It comes from you." in str(ask(app.test_client(), "what is PRP?"))


def test_a_publication_is_noticed_within_five_seconds(served: Flask, database: Database, folder: Path) -> None:
    services_of(served).live.watch()
    publish(database, folder, {"prp.yaml": ("It is made from your own blood.", "It comes from you.")})
    _until(lambda: services_of(served).live.state.revision == 1, within=5)


def test_the_switch_turns_the_chat_off_but_not_the_gate(served: Flask, database: Database) -> None:
    """Refusals carry contact and line; an alarming message still gets its card."""
    client = served.test_client()
    with database.writing() as transaction:
        switches.turn(transaction, "chat", False, "ada@clinic.example", NOW)
    services_of(served).live.look()
    assert (client.get("/api/config").json or {})["enabled"] is False
    refused = client.post("/api/chat", json={"message": "what is PRP?"})
    assert refused.status_code == 503
    assert (refused.json or {})["phone"] == "020 7946 0000"
    alarmed = client.post("/api/chat", json={"message": "I can't pee and both my legs have gone numb"})
    assert (alarmed.status_code, (alarmed.json or {})["tier"]) == (503, "emergency")


def test_staff_can_change_limits_while_the_server_runs(served: Flask, database: Database) -> None:
    with database.writing() as transaction:
        switches.turn(transaction, "limit_address", 1, "ada@clinic.example", NOW)
    services_of(served).live.look()
    client = served.test_client()
    assert [client.post("/api/chat", json={"message": "prp"}).status_code for _ in range(2)] == [200, 429]


def test_a_server_that_is_not_there_costs_no_answer(small_bot: Chatbot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    _assert_answers_quickly(small_bot, Database.open(f"postgresql://nobody@127.0.0.1:{port}/nothing"))


def test_a_server_that_hangs_costs_no_answer(small_bot: Chatbot) -> None:
    """It takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        _assert_answers_quickly(small_bot, Database.open(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/x"))


def test_a_locked_file_costs_no_answer(small_bot: Chatbot, database: Database, tmp_path: Path) -> None:
    """What waits is written once the lock is gone."""
    app = create_app(Settings(secret_key=KEY), small_bot, database)
    lock = sqlite3.connect(tmp_path / "chatbot.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    for _ in range(5):
        ask(app.test_client(), "qwertz asdfgh")
    assert time.monotonic() - began < 2
    lock.execute("ROLLBACK")
    lock.close()
    _until(lambda: [reason for reason, _ in texts(database)] == ["unanswered"], within=15)
    services_of(app).stop()


def test_a_file_that_is_no_database_costs_no_answer(small_bot: Chatbot, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 1_000)
    _assert_answers_quickly(small_bot, Database.open(f"sqlite:///{tmp_path / 'broken.db'}"))


def _assert_answers_quickly(bot: Chatbot, database: Database) -> None:
    """Replies come as ever, readiness tells the truth, and what is lost is counted."""
    app = create_app(Settings(secret_key=KEY), bot, database)
    client = app.test_client()
    began = time.monotonic()
    for _ in range(5):
        assert ask(client, "what is PRP?")["kind"] == "answer"
    assert time.monotonic() - began < 2
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, (ready.json or {})["database"]) == (503, False)
    with_us: Services = services_of(app)
    with_us.stop()
    assert "chatbot_records_lost_total 5.0" in client.get("/metrics").text


def publish(database: Database, folder: Path, edits: dict[str, tuple[str, str]]) -> None:
    """Publish the folder with some words replaced."""
    for name, (old, new) in edits.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    with database.writing() as transaction:
        parent = revisions.newest_number(transaction)
        revisions.publish(transaction, KnowledgeFiles.of_folder(folder), parent, "ada", "better", NOW)


def _until(holds: Callable[[], bool], within: float = 5.0) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
