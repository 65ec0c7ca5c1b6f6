"""From what a person typed to the knowledge's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.language.spelling import Speller
from chatbot.language.wording import Reader, Wording

READER = Reader(
    Speller({"buttock", "piriformis", "sciatica", "cheek"}, {"performs", "cheeky"}),
    respellings=[
        ["piriformis", "perry for miss", "performis"],
        ["platelet-rich plasma", "plate let rich plasma"],
    ],
    synonyms=[
        ["buttock", "bum", "bum cheek", "my behind"],
        ["prp", "platelet-rich plasma"],
        ["x-ray", "xray", "x rays"],
    ],
    concepts={"otherpart": ["knee", "lower back"], "organ": ["heart", "lower back of my heart"]},
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("my bum hurts", "my buttock hurts"),
        ("my Bum-Cheek hurts", "my buttock hurts"),  # not "buttock cheek"
        ("it's my behind", "it is buttock"),
        ("bum bum", "buttock buttock"),
        ("an album", "an album"),
        ("Platelet Rich Plasma", "prp"),
        ("xray or x rays", "x ray or x ray"),
    ],
)
def test_synonyms_the_longest_first(typed: str, read: str) -> None:
    """Whole words and phrases are replaced by the group's first, and the longest phrase wins."""
    assert READER.read(typed).text == read


@pytest.mark.parametrize(
    ("typed", "read", "mended"),
    [
        ("perry for miss", "piriformis", (("perry for miss", "piriformis"),)),
        ("performis", "piriformis", (("performis", "piriformis"),)),
        ("it performs", "it performs", ()),
        ("siatica", "sciatica", (("siatica", "sciatica"),)),
        ("bum cheeek", "buttock", (("cheeek", "cheek"),)),  # mended first, so that the phrase is found
    ],
)
def test_respellings_and_slips(typed: str, read: str, mended: tuple[tuple[str, str], ...]) -> None:
    """What dictation and thumbs make of words is undone and noted."""
    wording = READER.read(typed)
    assert (wording.text, wording.mended) == (read, mended)


def test_a_respelling_can_lead_to_a_synonym() -> None:
    """The steps follow each other: respelling, then synonym, each with its note."""
    wording = READER.read("plate let rich plasma")
    assert wording.text == "prp"
    assert wording.mended == (("plate let rich plasma", "platelet-rich plasma"),)
    assert wording.synonyms == (("platelet rich plasma", "prp"),)


@pytest.mark.parametrize(
    ("typed", "concepts"),
    [
        ("my knee", ("otherpart",)),
        ("knee and lower back", ("otherpart",)),
        ("heart and knee", ("organ", "otherpart")),
        ("lower back of my heart", ("organ",)),
        ("my kneecap", ()),
    ],
)
def test_concepts_are_added_once(typed: str, concepts: tuple[str, ...]) -> None:
    """The name of each group is added behind the words, once, in the order met."""
    wording = READER.read(typed)
    assert wording.concepts == concepts
    assert wording.text == " ".join([typed, *concepts])


def test_plain_words_have_no_notes() -> None:
    """Where nothing is changed nothing is noted, not even for a group's own word."""
    assert READER.read("my buttock") == Wording("my buttock")


def test_a_reader_without_a_lexicon_normalises() -> None:
    """The lexicon is optional."""
    assert Reader(Speller((), ())).read("What's THIS?") == Wording("what is this")


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """No text raises, and the same text is read the same."""
    assert READER.read(text) == READER.read(text)


@given(st.lists(st.sampled_from("perry for miss bum cheek my behind x rays lower back platelet rich".split())))
def test_halves_of_phrases_can_be_read(words: list[str]) -> None:
    """Listed phrases cut short, in any order, are read without exception and without loss of other words."""
    read = READER.read(" ".join(words))
    assert read.text.split().count("rich") == words.count("rich")
