"""What every response carries: who may read it, what browsers must refuse, its name in the log, its count."""

import json
import logging
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatbot import Chatbot
from chatbot.settings import Settings
from web.app import create_app
from web.logs import JsonFormatter

KEY = "a key for tests that is long enough"
SITE = "https://clinic.example"
SESAME = "open sesame"
WORDS = "Zebedee Quillfeather"


@pytest.fixture
def shared(small_bot: Chatbot) -> FlaskClient:
    """A server whose widget another site carries."""
    return create_app(Settings(secret_key=KEY, sites=(SITE,)), small_bot).test_client()


@pytest.mark.parametrize("origin", [SITE, "http://localhost"])
def test_allowed_sites_may_read_replies(shared: FlaskClient, origin: str) -> None:
    """The sites of the settings, and our own pages."""
    response = shared.post("/api/chat", json={"message": "prp"}, headers={"Origin": origin})
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        f"{SITE}.evil.example",
        "http://clinic.example",
        "https://sub.clinic.example",
        "null",
        f"{SITE}/",
    ],
)
def test_other_sites_may_not(shared: FlaskClient, origin: str) -> None:
    response = shared.post("/api/chat", json={"message": "prp"}, headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(("origin", "allowed"), [(SITE, SITE), ("https://evil.example", None)])
def test_preflight(shared: FlaskClient, origin: str, allowed: str | None) -> None:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = shared.options("/api/chat", headers=headers)
    assert response.status_code == 200
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    assert ("POST" in response.headers.get("Access-Control-Allow-Methods", "")) is (allowed is not None)


def test_a_site_can_read_refusals_too(shared: FlaskClient) -> None:
    """The widget shows the card and the time to wait, which it must be able to read."""
    response = shared.post("/api/chat", data=b"no json", headers={"Origin": SITE})
    assert response.status_code == 415
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("path", ["/", "/faq", "/privacy", "/embed"])
def test_pages_have_a_strict_policy(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<[^>]*\s(style|on\w+)=", response.text)


def test_nobody_gets_a_cookie(client: FlaskClient) -> None:
    for path in ("/", "/faq", "/privacy", "/embed", "/api/config", "/widget.js", "/healthz"):
        assert "Set-Cookie" not in client.get(path).headers
    assert "Set-Cookie" not in client.post("/api/chat", json={"message": "prp"}).headers


def test_https_is_remembered_only_over_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    assert "Strict-Transport-Security" in client.get("/healthz", base_url="https://localhost").headers


def test_the_widget_can_be_carried_anywhere_and_kept(client: FlaskClient) -> None:
    """It is packed, named by its content, and not sent again to who has it."""
    response = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Content-Encoding"] == "gzip"
    assert "max-age" in response.headers["Cache-Control"]
    again = client.get("/widget.js", headers={"Accept-Encoding": "gzip", "If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    plain = client.get("/widget.js")
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["ETag"] != response.headers["ETag"]
    assert len(plain.data) > len(response.data)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123_DEF.4", True), ("short", False), ("x" * 65, False), ("with space here", False), ('a"},{"b', False)],
)
def test_request_names_of_proxies_are_kept_if_sane(client: FlaskClient, given: str, kept: bool) -> None:
    found = client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert (found == given) is kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", found)


def test_logs_hold_no_text(app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens to a message, its words, its sender and the path asked for stay out of the log."""
    caplog.set_level(logging.DEBUG)
    client = app.test_client()
    client.post("/api/chat", json={"message": WORDS}, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    client.post("/api/chat", json={"message": WORDS * 100, "state": WORDS})
    client.post("/api/chat", data=WORDS, content_type="application/json")
    client.get(f"/{WORDS}?q={WORDS}")
    client.get(f"/faq?q={WORDS}")

    def fail(*_: Any, **__: Any) -> None:
        raise ValueError(WORDS)

    monkeypatch.setattr(Chatbot, "reply", fail)
    assert client.post("/api/chat", json={"message": WORDS}).status_code == 500
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert [json.loads(line)["error"] for line in lines if '"error"' in line] == ["ValueError"]
    log = "\n".join(lines)
    assert "Zebedee" not in log
    assert "203.0.113.77" not in log


def test_each_request_is_one_line_of_json(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    response = app.test_client().post("/api/chat", json={"message": "prp"})
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records if record.name == "web.access"]
    assert len(lines) == 1
    assert lines[0]["route"] == "/api/chat"
    assert (lines[0]["method"], lines[0]["status"]) == ("POST", 200)
    assert response.headers["X-Request-ID"]


def test_gunicorn_quotes_no_request_in_the_log() -> None:
    """Its own messages repeat what was sent."""
    for message in (f"Invalid request from ip=1.2.3.4: {WORDS}", f"Error handling request GET /{WORDS}"):
        record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, message, None, None)
        assert "Zebedee" not in JsonFormatter().format(record)


def test_metrics_count_what_happened(client: FlaskClient) -> None:
    """Requests, turns by kind, tiers, thumbs; nothing that was typed."""
    turn = (client.post("/api/chat", json={"message": "what is PRP?"}).json or {})["turn"]
    client.post("/api/chat", json={"message": f"{WORDS}, I can't pee and both my legs are numb"})
    client.post("/api/feedback", json={"turn": turn, "helpful": False, "reason": "unclear"})
    text = client.get("/metrics").text
    assert 'chatbot_turns_total{kind="answer"} 1.0' in text
    assert 'chatbot_turns_total{kind="safety"} 1.0' in text
    assert 'chatbot_tiers_total{tier="emergency"} 1.0' in text
    assert 'chatbot_feedback_total{helpful="no"} 1.0' in text
    assert 'chatbot_requests_total{method="POST",route="/api/chat",status="200"} 2.0' in text
    assert "Zebedee" not in text


def test_metrics_can_ask_for_a_token(small_bot: Chatbot) -> None:
    client = create_app(Settings(secret_key=KEY, metrics_token=SESAME), small_bot).test_client()
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": f"Bearer {SESAME[:-1]}"}).status_code == 403
    assert client.get("/metrics", headers={"Authorization": f"Bearer {SESAME}"}).status_code == 200


def test_health_without_a_database(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "knowledge": True, "database": True}


def test_a_person_who_is_lost_gets_a_page(client: FlaskClient) -> None:
    """It leads to the questions and the phone; a program gets a problem."""
    page = client.get("/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert 'href="/faq"' in page.text
    assert "020 7946 0000" in page.text
    assert client.get("/nothing").mimetype == "application/problem+json"
