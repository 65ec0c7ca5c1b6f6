"""The chat's HTTP API, as the widget and programs use it."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from chatbot import Chatbot
from chatbot.settings import Settings
from web.app import create_app

KEY = "a key for tests that is long enough"
ALARMING = "I can't pee and both my legs have gone numb"
LINE = "If it's urgent call 111; if life is at risk call 999."


def ask(client: FlaskClient, message: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/chat", json={"message": message, **more})
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def types(body: dict[str, Any]) -> list[str]:
    return [block["type"] for block in body.get("blocks", [])]


def test_a_reply_keeps_the_contract(client: FlaskClient) -> None:
    """Every key of the contract, blocks with their types, a null tier rather than none."""
    reply = ask(client, "what is PRP?")
    assert list(reply) == ["turn", "kind", "intents", "tier", "blocks", "state"]
    assert (reply["kind"], reply["intents"], reply["tier"]) == ("answer", ["prp_definition"], None)
    assert types(reply) == ["paragraph", "source", "choices"]
    assert {"text": "platelet-rich plasma", "strong": True} in reply["blocks"][0]["spans"]
    assert set(reply["blocks"][1]) == {"type", "title", "section", "url"}
    assert reply["blocks"][2]["choices"] == [{"intent": "prp_procedure", "question": "How is a PRP injection done?"}]


def test_a_conversation_goes_on_by_its_state(client: FlaskClient) -> None:
    """What leans on the message before is understood with its state, and not without it."""
    state = ask(client, "what is PRP?")["state"]
    assert ask(client, "1", state=state)["intents"] == ["prp_procedure"]
    assert ask(client, "1")["intents"] == []


def test_a_pressed_choice_is_answered_directly(client: FlaskClient) -> None:
    """Its intent decides, not its words; it need not come from the reply before."""
    assert ask(client, "Tell me that", choice="booking")["intents"] == ["booking"]


def test_a_choice_does_not_get_past_the_safety_gate(client: FlaskClient) -> None:
    reply = ask(client, ALARMING, choice="booking")
    assert (reply["kind"], reply["tier"]) == ("safety", "emergency")
    assert types(reply) == ["safety_card"]


def test_an_unknown_choice_is_an_ordinary_message(client: FlaskClient) -> None:
    assert ask(client, "what is PRP?", choice="gone_since")["intents"] == ["prp_definition"]


def test_a_card_says_whom_to_call(client: FlaskClient) -> None:
    card = ask(client, ALARMING)["blocks"][0]
    assert set(card) == {"type", "tier", "heading", "bullets", "calls"}
    assert card["calls"][0] == {"label": "Call 999", "number": "999", "link": "tel:999", "spoken": "nine nine nine"}


def test_a_fallback_offers_the_contact(client: FlaskClient) -> None:
    """Phone with its link, booking, whom to call if it is urgent, and the nearest questions."""
    blocks = {block["type"]: block for block in ask(client, "qwertz asdfgh")["blocks"]}
    assert blocks["phone"] == {"type": "phone", "number": "020 7946 0000", "link": "tel:02079460000"}
    assert blocks["booking"]["url"] == "https://small.example/book"
    assert blocks["safety_line"]["text"] == LINE


@pytest.mark.parametrize("text", ["PRP \ud83d", "what is \U0001f489 PRP?", "\x00\x1f", "'" * 1_000, "\u202e PRP"])
def test_any_text_is_answered(client: FlaskClient, text: str) -> None:
    """Half an emoji, control characters, a thousand quotation marks: each gets a reply."""
    response = client.post("/api/chat", data=json.dumps({"message": text}), content_type="application/json")
    assert response.status_code == 200
    assert (response.json or {})["kind"]


def test_config_has_what_the_widget_shows_first(client: FlaskClient) -> None:
    config = dict(client.get("/api/config").json or {})
    assert config["enabled"] is True
    assert (config["max_message"], config["retention_days"]) == (1_000, 30)
    assert config["phone_link"] == "tel:02079460000"
    assert config["safety_line"] == LINE
    assert config["privacy_url"] == "http://localhost/privacy"
    assert config["starters"][0] == {"intent": "prp_definition", "question": "What is PRP?"}


MALFORMED = [
    ("not json", b"what is prp", "application/json", 400),
    ("cut off", b'{"message": "what is', "application/json", 400),
    ("no utf-8", b'{"message": "\xff\xfe"}', "application/json", 400),
    ("deep", b"[" * 100_000, "application/json", 400),
    ("huge number", b'{"message": ' + b"9" * 10_000 + b"}", "application/json", 400),
    ("a list", b'["what is prp"]', "application/json", 422),
    ("a string", b'"what is prp"', "application/json", 422),
    ("null", b"null", "application/json", 422),
    ("no message", b"{}", "application/json", 422),
    ("a number", b'{"message": 5}', "application/json", 422),
    ("empty", b'{"message": ""}', "application/json", 422),
    ("unknown field", b'{"message": "prp", "admin": true}', "application/json", 422),
    ("state is no text", b'{"message": "prp", "state": {}}', "application/json", 422),
    ("a form", b"message=prp", "application/x-www-form-urlencoded", 415),
    ("plain text", b'{"message": "prp"}', "text/plain", 415),
    ("too long", json.dumps({"message": "p" * 1_001}).encode(), "application/json", 413),
    ("too large", json.dumps({"message": "p" * 200_000}).encode(), "application/json", 413),
]


@pytest.mark.parametrize(("body", "form", "status"), [row[1:] for row in MALFORMED], ids=[row[0] for row in MALFORMED])
def test_malformed_requests_are_refused_with_a_problem(
    client: FlaskClient, body: bytes, form: str, status: int
) -> None:
    """The refusal is a problem of RFC 9457 that says whom to call if it is urgent, and how to reach the clinic."""
    response = client.post("/api/chat", data=body, content_type=form)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = dict(response.json or {})
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["safety_line"] == LINE
    assert problem["phone"] == "020 7946 0000"


def test_a_refusal_does_not_repeat_what_was_sent(client: FlaskClient) -> None:
    response = client.post("/api/chat", json={"message": "prp", "my name is Ada Lovelace": 1})
    assert response.status_code == 422
    assert "Ada" not in response.text


ALARMING_REFUSALS = [
    ("too long", json.dumps({"message": f"{'hello there ' * 400}. {ALARMING}."}).encode(), "application/json", 413),
    ("far too long", json.dumps({"message": f"{ALARMING}. {'x ' * 300_000}"}).encode(), "application/json", 413),
    ("a flood", json.dumps({"message": ALARMING, "more": "x" * 9_000_000}).encode(), "application/json", 413),
    (
        "escapes",
        b'{"message": "' + b"\\u0063an\\u0027t pee and my legs are numb " * 500 + b'"}',
        "application/json",
        413,
    ),
    ("cut off", json.dumps({"message": ALARMING}).encode()[:-2], "application/json", 400),
    ("no json", ALARMING.encode(), "application/json", 400),
    ("a form", ALARMING.encode(), "application/x-www-form-urlencoded", 415),
    ("unknown field", json.dumps({"message": ALARMING, "lang": "en"}).encode(), "application/json", 422),
    ("wrong field", json.dumps({"text": ALARMING}).encode(), "application/json", 422),
]


@pytest.mark.parametrize(
    ("body", "form", "status"), [row[1:] for row in ALARMING_REFUSALS], ids=[row[0] for row in ALARMING_REFUSALS]
)
def test_an_alarming_message_gets_its_card_with_the_refusal(
    client: FlaskClient, body: bytes, form: str, status: int
) -> None:
    """No limit and no mistake of a program comes before the safety gate."""
    response = client.post("/api/chat", data=body, content_type=form)
    assert response.status_code == status
    problem = dict(response.json or {})
    assert problem["tier"] == "emergency"
    assert problem["blocks"][0]["heading"] == "Call 999 now"


def test_what_does_not_exist_is_a_problem_too(client: FlaskClient) -> None:
    for response in (client.get("/api/nothing"), client.get("/api/chat"), client.delete("/api/chat")):
        assert response.status_code in {404, 405}
        assert (response.json or {})["safety_line"] == LINE


def test_a_fault_of_ours_is_a_problem_without_its_text(small_bot: Chatbot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even then the gate has read the message."""
    app = create_app(Settings(secret_key=KEY), small_bot)
    monkeypatch.setattr(Chatbot, "reply", lambda *_, **__: 1 / 0)
    response = app.test_client().post("/api/chat", json={"message": ALARMING})
    assert response.status_code == 500
    assert "ZeroDivision" not in response.text
    assert (response.json or {})["tier"] == "emergency"
