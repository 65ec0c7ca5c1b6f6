"""The safety gate says the same however a message is typed."""

import random
import re
import string
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialogue.safety_cases import gate, shared_examples, tier

WORD_TO_SPOIL = re.compile(r"\b[a-z]{7,}\b")
UNCHANGED = 0.98


def typo(text: str) -> str:
    """One slip in a word of seven or more letters: a letter lost, doubled, wrong, or two swapped."""
    chance = random.Random(text)  # noqa: S311  (the same slip in every run)
    words = list(WORD_TO_SPOIL.finditer(text))
    if not words:
        return text
    found = chance.choice(words)
    place = chance.randrange(found.start() + 1, found.end() - 1)
    letter = chance.choice(string.ascii_lowercase)
    here, after = text[place], text[place + 1]
    slips = ["", here + here, letter, after + here]
    slip = chance.choice(slips)
    return text[:place] + slip + text[place + (2 if slip == after + here else 1) :]


TRANSFORMATIONS: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "no punctuation": lambda text: re.sub(r"[^\w\s]", "", text),
    "before": lambda text: "hi, quick question, " + text,
    "after": lambda text: text + ", also what is prp?",
    "buried": lambda text: f"I'd like to book an appointment for next week. {text}. What are your opening hours?",
    "typo": typo,
}


@pytest.mark.parametrize("name", TRANSFORMATIONS)
def test_tier_is_unchanged(name: str) -> None:
    """Emergency and crisis messages keep their tier in at least 98 % of cases."""
    texts = [each["text"] for each in shared_examples() if each["tier"] in ("emergency", "crisis")]
    kept = sum(tier(TRANSFORMATIONS[name](text)) == tier(text) for text in texts)
    assert kept >= UNCHANGED * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "i can’t pee and my legs are numb",
        "i cant\u200b pee and my legs are numb",
        "ｉ ｃａｎ＇ｔ ｐｅｅ and my legs are numb",
        "i can not pee and my legs are numb",
        "i am unable to pee and my legs are numb",
        "i cnt pee n my legs r numb",
        "ah cannae pee and ma legs are numb",
        "i caaaant peee and my legs are nummmb",
        "i cant pee😭and my legs are numb",
        "I CAN'T PEE AND MY LEGS ARE NUMB!!!",
        "can t pee, legs numb",
        "i cant pee\nand my legs are numb",
    ],
)
def test_ways_of_typing(text: str) -> None:
    """Apostrophes, invisible characters, text-speak, Scots, repeated letters and emoji change nothing."""
    assert tier(text) == "emergency"


@pytest.mark.parametrize("text", ["my stoke", "I need to cancell", "what is the fee", "hair dye", "a slot"])
def test_english_and_short_words_are_not_mended(text: str) -> None:
    """A word one edit from an alarming one stays as it was typed."""
    assert tier(text) == "none"


@given(st.text(max_size=400))
@settings(deadline=None, max_examples=300)
def test_any_text_can_be_read(text: str) -> None:
    """Whatever is typed, the gate answers."""
    gate().assess(text)


_WORDS = st.sampled_from("no not cant feel my legs numb but chest pain years ago , . what if i die pee 20".split())


@given(st.lists(_WORDS, max_size=60))
@settings(deadline=None, max_examples=300)
def test_any_alarming_words_can_be_read(words: list[str]) -> None:
    """Alarming words in any order are read without an error, and case does not matter."""
    text = " ".join(words)
    assert tier(text) == tier(text.upper())


@pytest.mark.parametrize("piece", ["no ", "cant ", "leg numb, ", "a", "tonight die ", "my bladder is full and "])
def test_time_grows_with_length_only(piece: str) -> None:
    """A hundred times the text takes a few hundred times as long at most, where a square would take ten thousand.

    The benchmark of the gate measures how near to a hundred it is; a busy machine must not decide over a test.
    """
    short, long = (piece * 1_000)[:100], (piece * 10_000)[:10_000]
    gate().gate(long)
    assert _seconds(long, 3) <= 1_000 * max(_seconds(short, 100), 2e-5)


def _seconds(text: str, times: int) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for _ in range(times):
            gate().gate(text)
        best = min(best, (time.process_time() - start) / times)
    return best
