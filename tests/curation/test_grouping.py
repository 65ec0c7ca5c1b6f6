"""Groups of questions that mean about the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot import Chatbot
from chatbot.curation.grouping import grouped

_PARKING = ["where can i park", "is there parking", "parking spaces nearby?", "can I park my car there", "car park"]
_PLASMA = ["what is prp", "what does prp mean", "whats prp please"]


def test_questions_of_one_kind_come_together(clinic_bot: Chatbot) -> None:
    mixed = [text for pair in zip(_PARKING[:3], _PLASMA, strict=True) for text in pair] + _PARKING[3:]
    groups = {frozenset(mixed[place] for place in group) for group in grouped(mixed, clinic_bot)}
    assert frozenset(_PARKING) in groups
    assert frozenset(_PLASMA) in groups


def test_no_questions_make_no_groups(small_bot: Chatbot) -> None:
    assert grouped([], small_bot) == ()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=40), max_size=8))
def test_every_question_is_in_one_group_whatever_was_typed(small_bot: Chatbot, texts: list[str]) -> None:
    places = sorted(place for group in grouped(texts, small_bot) for place in group)
    assert places == list(range(len(texts)))
