"""Typed blocks, and the plain text made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot import Chatbot
from chatbot.dialogue import reply
from chatbot.dialogue.reply import (
    Booking,
    BulletList,
    Call,
    Choice,
    Choices,
    Paragraph,
    Phone,
    Reply,
    SafetyCard,
    SafetyLine,
    SourceLink,
    Span,
)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        ("One.\n\nTwo.", (Paragraph((Span("One."),)), Paragraph((Span("Two."),)))),
        ("a\nb", (Paragraph((Span("a"), Span(" "), Span("b"))),)),
        ("a **b** c", (Paragraph((Span("a "), Span("b", strong=True), Span(" c"))),)),
        ("[b](https://x.y)", (Paragraph((Span("b", url="https://x.y"),)),)),
        ("[**b**](https://x.y) c", (Paragraph((Span("b", strong=True, url="https://x.y"), Span(" c"))),)),
        (
            "x\n\n- a\n- **b**",
            (Paragraph((Span("x"),)), BulletList(((Span("a"),), (Span("b", strong=True),)))),
        ),
        ("- a\n\n- b\n\nx", (BulletList(((Span("a"),), (Span("b"),))), Paragraph((Span("x"),)))),
    ],
)
def test_the_markdown_subset(text: str, blocks: tuple[reply.Block, ...]) -> None:
    """Paragraphs, lists, bold and links become blocks, in order."""
    assert reply.markdown(text) == blocks


@pytest.mark.parametrize("text", ["<b>x</b>", "<script>alert(1)</script>", "![x](https://x.y/z.png)", "# x", "`x`"])
def test_other_markdown_is_text(text: str) -> None:
    """What is outside the subset never becomes anything but text."""
    assert all(isinstance(block, Paragraph) for block in reply.markdown(text))


@given(st.text(alphabet="a*[]()<>`#-_ \n\\!1.&"))
def test_any_markdown_makes_blocks(text: str) -> None:
    """However broken, Markdown makes paragraphs and lists, and a plain text of them."""
    blocks = reply.markdown(text)
    assert all(isinstance(block, Paragraph | BulletList) for block in blocks)
    assert isinstance(Reply(blocks).text, str)


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (Paragraph((Span("a "), Span("b", strong=True))), "a b"),
        (Paragraph((Span("our page", url="https://x.y"),)), "our page (https://x.y)"),
        (BulletList(((Span("a"),), (Span("b"),))), "- a\n- b"),
        (Phone("020 7946 0000"), "Phone: 020 7946 0000"),
        (Booking("https://x.y"), "Book online: https://x.y"),
        (SourceLink("Hip", "Tendon", "https://x.y"), "Source: Hip, Tendon, https://x.y"),
        (SourceLink("The Small Clinic"), "Source: The Small Clinic"),
        (Choices("Which?", (Choice("a", "A?"), Choice("b", "B?"))), "Which?\n1. A?\n2. B?"),
        (Choices("Which?", (Choice("a", "A?"),), "None of these"), "Which?\n1. A?\n2. None of these"),
        (SafetyLine("Call 111."), "Call 111."),
        (
            SafetyCard("emergency", "Call 999", ("Now.",), (Call("Call 999", "999", "tel:999", "nine"),)),
            "Call 999\n- Now.\nCall 999",
        ),
    ],
)
def test_plain_text(block: reply.Block, text: str) -> None:
    """Each block has a plain text; those of a reply are parted by an empty line."""
    assert Reply((block,)).text == text
    assert Reply((block, block)).text == f"{text}\n\n{text}"


def test_placeholders_are_filled(clinic_bot: Chatbot) -> None:
    """Curated text names the clinic's particulars by placeholders, and patients never see a brace."""
    clinic = clinic_bot.knowledge.clinic
    text = "{clinic}, {phone}, {address}, {clinician}"
    intent = clinic_bot.intents["price"].model_copy(update={"answer": text})
    filled = reply.answer(intent, clinic_bot.knowledge)[0]
    assert filled == Paragraph((Span(f"{clinic.name}, {clinic.phone}, {clinic.address}, {clinic.clinician}"),))


def test_every_curated_answer_renders(clinic_bot: Chatbot) -> None:
    """No answer of the clinic shows Markdown, braces or an empty block."""
    for intent in clinic_bot.intents.values():
        text = Reply(reply.answer(intent, clinic_bot.knowledge)).text
        assert text.strip()
        assert not any(mark in text for mark in ("**", "](", "{", "}")), intent.id


def test_an_article_is_named_once(clinic_bot: Chatbot) -> None:
    """An answer from several sections of an article gives the article's address once, with all the sections."""
    intent = clinic_bot.intents["prp_definition"]
    first = intent.source[0] if isinstance(intent.source, tuple) else None
    assert first is not None
    other = next(s for s in clinic_bot.knowledge.articles[first.article].sections if s != first.section)
    several = intent.model_copy(update={"source": (first, first.model_copy(update={"section": other}))})
    sources = [block for block in reply.answer(several, clinic_bot.knowledge) if isinstance(block, SourceLink)]
    assert [source.section for source in sources] == [f"{first.section}; {other}"]


def test_answers_say_where_they_come_from(clinic_bot: Chatbot) -> None:
    """An answer names its article and section, a clinic's fact the clinic, a handoff the contact."""
    knowledge = clinic_bot.knowledge
    for intent in clinic_bot.intents.values():
        blocks = reply.answer(intent, knowledge)
        sources = [block for block in blocks if isinstance(block, SourceLink)]
        if intent.kind == "answer":
            assert sources, intent.id
        if intent.source == "clinic":
            assert sources == [SourceLink(knowledge.clinic.name)]
        if intent.kind == "handoff":
            assert [type(block) for block in blocks if isinstance(block, Phone | Booking)] == [Phone, Booking]
