"""Sentences, words and readability."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.curation.prose import grade, paragraphs, syllables, words


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("pain", 1),
        ("made", 1),
        ("table", 2),
        ("needle", 2),
        ("injection", 3),
        ("doses", 2),
        ("helped", 1),
        ("treated", 2),
    ],
)
def test_syllables(word: str, count: int) -> None:
    """Groups of vowels, less silent endings."""
    assert syllables(word) == count


def test_paragraphs_and_list_items() -> None:
    """Items stand alone under the line that introduces them; wrapped lines belong together."""
    found = list(
        paragraphs("One. Two\ngoes on.\n\nThe page says:\n\n- **first** item\n  goes on\n- [second](https://x.y)")
    )
    assert [p.sentences for p in found] == [
        ("One.", "Two goes on."), ("The page says:",), ("first item goes on",), ("second",)
    ]  # fmt: skip
    assert [p.lead for p in found] == ["", "", "The page says:", "The page says:"]


def test_words_leave_out_marks() -> None:
    """Bold marks and addresses are not words; a placeholder is one."""
    assert words("Call **us** on {phone}, [it's free](https://a.b/c).") == [
        "Call",
        "us",
        "on",
        "{phone}",
        "it's",
        "free",
    ]


def test_grade_follows_the_formula() -> None:
    """Six words of one syllable in one sentence: 0.39 * 6 + 11.8 * 1 - 15.59."""
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)
    assert grade("") == 0.0


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """No text raises."""
    assert isinstance(grade(text), float)
