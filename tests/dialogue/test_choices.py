"""A reply to choices on offer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.dialogue.choices import pick, refuses

THREE = ["What is PRP?", "How is a PRP injection done?", "Does it hurt?"]
ESCAPE = "None of these"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("2.", 1),
        ("(3)", 2),
        ("#2", 1),
        ("２", 1),
        ("two", 1),
        ("b", 1),
        ("number 2", 1),
        ("number two please", 1),
        ("I'd like option 3", 2),
        ("the first one", 0),
        ("The Second One!", 1),
        ("i mean the third", 2),
        ("2nd", 1),
        ("top", 0),
        ("the last one", 2),
    ],
)
def test_by_number_or_place(text: str, place: int) -> None:
    """A number, a letter or a place picks the choice, with or without words around it."""
    assert pick(text, THREE) == place


@pytest.mark.parametrize(
    "text",
    ["option one", "number one please", "yes, the first one", "the first one, thanks"],
)
def test_the_first_in_many_words(text: str) -> None:
    """Politeness around a number or a place does not hide it."""
    assert pick(text, THREE) == 0


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("what is prp", 0),
        ("is it hurt does", 2),
        ("how is a prp injection done please", 1),
        ("how is prp injection done", 1),
    ],
)
def test_by_name(text: str, place: int) -> None:
    """Saying a choice, nearly as it is written and in any order, picks it."""
    assert pick(text, THREE) == place


@pytest.mark.parametrize(
    "text",
    ["", "?", "4", "fourth", "0", "yes", "1 and 2", "what is a scan", "not the first", "where are you", "😀"],
)
def test_what_picks_nothing(text: str) -> None:
    """No choice, several choices, or another question: nothing is picked."""
    assert pick(text, THREE) is None


def test_a_name_with_another_meaning() -> None:
    """A question that resembles a choice and asks something else does not pick it."""
    assert pick("what is tenotomy for", ["What is a tenotomy?"]) is None


def test_the_last_of_the_choices_on_offer() -> None:
    """Places count the choices on offer, not the most that there could be."""
    assert pick("the last one", THREE[:2]) == 1
    assert pick("3", THREE[:2]) is None


@pytest.mark.parametrize("text", ["yes", "Yes please!", "ok", "that one", "sure", "1"])
def test_yes_to_a_single_choice(text: str) -> None:
    """Where one choice is on offer, yes picks it."""
    assert pick(text, THREE[:1]) == 0


def test_nothing_on_offer() -> None:
    """Without choices nothing is picked."""
    assert pick("1", []) is None


@pytest.mark.parametrize(
    "text",
    [
        "none of these",
        "None of these.",
        "NO",
        "nope",
        "neither",
        "no, none of these",
        "something else",
        "4",
        "9",
    ],
)
def test_refusing(text: str) -> None:
    """No, the words of the way out, or its number, refuse all choices."""
    assert refuses(text, 3, ESCAPE)
    assert pick(text, THREE) is None


@pytest.mark.parametrize("text", ["", "1", "3", "yes", "no idea what prp is", "what is none", "4 weeks ago"])
def test_what_is_no_refusal(text: str) -> None:
    """A choice or a question that begins with no is no refusal."""
    assert not refuses(text, 3, ESCAPE)


def test_the_way_out_in_the_clinics_words() -> None:
    """Each clinic has its own words for the way out."""
    assert refuses("keine davon", 3, "Keine davon!")


@given(st.text(), st.lists(st.text(), max_size=5))
def test_any_text(text: str, questions: list[str]) -> None:
    """Whatever is typed picks a choice that is on offer, or none."""
    assert pick(text, questions) in {None, *range(len(questions))}
    assert refuses(text, len(questions), ESCAPE) in {True, False}
