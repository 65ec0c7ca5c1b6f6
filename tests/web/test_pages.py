"""The pages for everybody: what they hold, and that nothing that was typed can run on them."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatbot import Chatbot
from chatbot.dialogue.reply import Paragraph, Span, markdown
from chatbot.settings import Settings
from web.app import create_app
from web.rendering import rendered
from web.services import services

_KEY = "a key for tests that is long enough"
_SCRIPT = "<script>alert(1)</script>"


def _page(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    return response.get_data(as_text=True)


def _linked_data(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def test_faq_has_every_curated_answer_under_its_anchor(client: FlaskClient, small_bot: Chatbot) -> None:
    page = unescape(_page(client, "/faq"))
    for intent in small_bot.knowledge.intents():
        assert (f'id="{intent.id}"' in page) == (intent.kind != "smalltalk")
        assert (intent.question in page) == (intent.kind != "smalltalk")


def test_faq_links_each_answer_to_its_article(client: FlaskClient, small_bot: Chatbot) -> None:
    page = _page(client, "/faq")
    for intent in small_bot.knowledge.intents():
        for source in intent.source if isinstance(intent.source, tuple) else ():
            assert f'href="{small_bot.knowledge.articles[source.article].url}"' in page


def test_search_engines_find_the_answers_and_no_handoff(client: FlaskClient, small_bot: Chatbot) -> None:
    data = _linked_data(_page(client, "/faq"))
    assert data["@type"] == "FAQPage"
    questions = data["mainEntity"]
    assert isinstance(questions, list)
    answered = [intent.question for intent in small_bot.knowledge.intents() if intent.kind == "answer"]
    assert [question["name"] for question in questions] == answered
    assert all("**" not in question["acceptedAnswer"]["text"] for question in questions)


def test_a_search_is_answered_as_the_chat_would(client: FlaskClient, small_bot: Chatbot) -> None:
    """The page has no rules of its own about what is close enough."""
    question = "what is prp"
    page = _page(client, f"/faq?q={question}")
    turn = small_bot.reply(question)
    assert turn.intents == ("prp_definition",)
    assert str(rendered(turn.reply.blocks, "/faq")) in page


def test_an_alarming_search_gets_its_card_alone(client: FlaskClient) -> None:
    page = _page(client, "/faq?q=I have chest pain and cannot breathe")
    assert 'class="card"' in page
    assert 'href="tel:999"' in page
    assert "Book online" not in page
    assert "Questions with these words" not in page


def test_an_alarming_search_gets_its_card_while_the_chat_is_off(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        services().live.state = replace(services().live.state, enabled=False)
    assert 'class="card"' in _page(client, "/faq?q=I have chest pain and cannot breathe")
    assert "Phone:" in _page(client, "/faq?q=what is prp")


def test_searches_are_limited_like_messages(small_bot: Chatbot) -> None:
    client = create_app(Settings(secret_key=_KEY, limit_address=2), small_bot).test_client()
    assert [client.get("/faq?q=prp").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("text", [_SCRIPT, '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "\x00", "'" * 10_000])
def test_what_is_searched_for_never_becomes_markup(client: FlaskClient, text: str) -> None:
    page = client.get("/faq", query_string={"q": text}).get_data(as_text=True)
    assert _SCRIPT not in page
    assert "<img" not in page
    assert "49" not in re.findall(r"<h2[^>]*>(.*?)</h2>", page)


def test_answers_never_become_markup() -> None:
    """Neither HTML in an answer nor a link that runs something gets through."""
    html = str(rendered(markdown(f"Hello {_SCRIPT} [press](javascript:alert(1)) **bold**")))
    assert "<script" not in html
    assert "<a" not in html
    assert "<strong>bold</strong>" in html
    assert "<a" not in str(rendered([Paragraph((Span("press", url="javascript:alert(1)"),))]))


@pytest.mark.parametrize(("days", "words"), [(0, "keep no text at all"), (1, "1 day after"), (30, "30 days after")])
def test_privacy_tells_the_retention_in_force(small_bot: Chatbot, days: int, words: str) -> None:
    client = create_app(Settings(secret_key=_KEY, retention_days=days), small_bot).test_client()
    page = _page(client, "/privacy")
    assert words in page
    assert "ico.org.uk" in page


def test_embed_gives_the_line_for_this_server(small_bot: Chatbot) -> None:
    client = create_app(Settings(secret_key=_KEY, sites=("https://clinic.example",)), small_bot).test_client()
    page = unescape(client.get("/embed", base_url="https://chat.example").get_data(as_text=True))
    assert '<script src="https://chat.example/widget.js" async></script>' in page
    assert "https://clinic.example" in page


@pytest.mark.parametrize("address", ["/faq", "/faq?q=prp", "/privacy", "/embed"])
def test_pages_run_no_script_and_load_nothing_from_elsewhere(client: FlaskClient, address: str) -> None:
    page = _page(client, address)
    assert "style=" not in page
    assert [kind for kind in re.findall(r"<script([^>]*)>", page) if "ld+json" not in kind] == []
    assert all(
        link.startswith(("/", "data:")) for link in re.findall(r'<link rel="(?:icon|stylesheet)" href="([^"]*)"', page)
    )
