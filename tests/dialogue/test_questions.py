"""Where one question ends and the next begins."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.dialogue.questions import names_only, phrases, sentences


@pytest.mark.parametrize(
    ("message", "pieces"),
    [
        ("what is prp", ["what is prp"]),
        ("what is prp? how much is it?", ["what is prp?", "how much is it?"]),
        ("what is prp and how much is it", ["what is prp", "how much is it"]),
        ("what is prp, does it hurt", ["what is prp", "does it hurt"]),
        ("i hurt my bum. can you help", ["i hurt my bum.", "can you help"]),
        ("what is prp\nhow is it done", ["what is prp", "how is it done"]),
        ("what is prp; also where are you", ["what is prp", "also where are you"]),
        ("what is prp & can i drive & if so when", ["what is prp", "can i drive", "when"]),
        ("hello! what is prp", ["hello!", "what is prp"]),
    ],
)
def test_a_new_question_begins(message: str, pieces: list[str]) -> None:
    """After an end mark, a new line, or a joining word before a question word."""
    assert sentences(message) == pieces


@pytest.mark.parametrize(
    "message",
    [
        "pain in my bum and thigh",
        "bum, thigh and hip",
        "is it 3.5 cm or more",
        "steroid or prp",
        "the doctor, andrew, said so",
        "it hurts when i sit and drive",
    ],
)
def test_one_question_stays_whole(message: str) -> None:
    """Lists of words and numbers are not cut."""
    assert sentences(message) == [message]


@pytest.mark.parametrize("message", ["", " ", "?!", "...", ";\n;", "😀"])
def test_no_words_no_questions(message: str) -> None:
    """A message without letters has no pieces."""
    assert sentences(message) == []
    assert phrases(message) == []


@pytest.mark.parametrize(
    ("sentence", "pieces"),
    [
        ("cost of prp and steroid", ["cost of prp", "steroid"]),
        ("opening hours, parking, price", ["opening hours", "parking", "price"]),
        ("price plus parking", ["price", "parking"]),
        ("sandy beach", ["sandy beach"]),
    ],
)
def test_phrases_are_cut_finer(sentence: str, pieces: list[str]) -> None:
    """At every comma and every joining word of its own."""
    assert phrases(sentence) == pieces


@pytest.mark.parametrize(
    ("piece", "names"),
    [
        ("back to the PRP", True),
        ("PRP", True),
        ("PRP?", False),
        ("what is PRP", False),
        ("my hip hurts so much", False),
    ],
)
def test_naming_is_not_asking(piece: str, names: bool) -> None:
    """A few words that are no question only name a subject."""
    assert names_only(piece) is names


@given(st.text())
def test_pieces_are_stretches_of_the_message(text: str) -> None:
    """Pieces have letters or digits, are stripped, and stand in the message in that order, but for the spaces."""
    message, place = "".join(text.split()), 0
    for piece in sentences(text):
        assert any(c.isalnum() for c in piece)
        assert piece == piece.strip(" ,")
        bare = "".join(piece.split())
        place = message.index(bare, place) + len(bare)


@pytest.mark.parametrize("message", [f"a{' ' * 10_000}b", "\n" * 10_000])
def test_long_runs_of_spaces_take_no_time(message: str) -> None:
    """A message of spaces is cut at once; a pattern that reads again and again would take many seconds."""
    start = time.process_time()
    sentences(message)
    phrases(message)
    assert time.process_time() - start < 1
