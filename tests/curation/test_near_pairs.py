"""Near duplicates, against a plain reference."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from chatbot.curation.lint_phrasings import NEAR, near_pairs

TEXTS = st.lists(st.text("ab ", max_size=40).map(lambda text: " ".join(text.split())), max_size=20)


@given(TEXTS)
def test_the_fast_search_finds_what_comparing_all_pairs_finds(texts: list[str]) -> None:
    """Sorting by length first loses no pair."""
    slow = {
        (one, other)
        for (one, a), (other, b) in combinations(enumerate(texts), 2)
        if a and b and fuzz.token_sort_ratio(a, b) >= NEAR
    }
    assert set(near_pairs(texts)) == slow
