"""Spelling mends what is no word, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.language.english import load_english
from chatbot.language.spelling import Speller

KNOWN = {"sciatica", "piriformis", "tendon", "injection", "prp", "nerve", "l4l5s"}


@pytest.fixture(scope="module")
def speller() -> Speller:
    """Knows a few words of the clinic and the English language."""
    return Speller(KNOWN, load_english())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sciatca", "sciatica"),  # a letter dropped
        ("sciaticca", "sciatica"),  # a letter added
        ("sciatika", "sciatica"),  # a letter changed
        ("scaitica", "sciatica"),  # two neighbours swapped
        ("tendn", "tendon"),
        ("pirifomes", "piriformis"),  # two slips in a long word
        ("injekshon", "injekshon"),  # three are too many
        ("tondan", "tondan"),  # two are too many in a short one
    ],
)
def test_slips_are_mended(speller: Speller, typed: str, meant: str) -> None:
    """One slip from five letters, two from nine, and no more."""
    assert speller.mend(typed) == meant


@pytest.mark.parametrize("word", ["infection", "tendons", "verve", "never", "swerve", "rejection", "nerves"])
def test_english_words_stay(speller: Speller, word: str) -> None:
    """A real word is never taken for a slip, however near a known word is."""
    assert speller.mend(word) == word


@pytest.mark.parametrize("word", ["", "a", "pr", "prb", "nrve", "ten2on", "5ml", "sciat1ca", "😀😀😀😀😀", "!!!!!!"])
def test_short_words_and_codes_stay(speller: Speller, word: str) -> None:
    """Words under five letters and words with digits or signs are left alone."""
    assert speller.mend(word) == word


def test_known_words_stay(speller: Speller) -> None:
    """A word of the knowledge is right as it is."""
    assert {speller.mend(word) for word in KNOWN} == KNOWN


def test_words_to_keep_apart_are_not_confused() -> None:
    """A slip is not mended across a pair that must stay apart, whichever of the two was typed."""
    assert Speller({"tenotomy"}, ()).mend("tenotomi") == "tenotomy"
    assert Speller({"tenotomy"}, (), [("tenotomi", "tenotomy")]).mend("tenotomi") == "tenotomi"
    assert Speller({"tenotomy"}, (), [("tenotomy", "tenotomi")]).mend("tenotomi") == "tenotomi"


def test_the_nearest_word_wins() -> None:
    """One slip is likelier than two."""
    assert Speller({"bursitides", "bursitises"}, ()).mend("bursitisez") == "bursitises"


def test_nothing_known_mends_nothing() -> None:
    """A speller without words returns what it is given."""
    assert Speller((), ()).mend("sciatca") == "sciatca"


@given(st.text())
def test_any_word_is_itself_or_a_known_word(text: str) -> None:
    """Whatever is typed, the answer is the word itself or one of the knowledge's words."""
    assert Speller(KNOWN, ()).mend(text) in {text, *KNOWN}
