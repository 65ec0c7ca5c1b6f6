"""What counts as right, clarified, wrong or missed."""

from dataclasses import replace

import pytest

from chatbot import Chatbot
from chatbot.curation.evaluation import Counts, Equal, Evaluation, Outcome, cross_validate, evaluate, judge
from chatbot.curation.questions import Question
from chatbot.dialogue.decision import Kind

PRICE = Question("how much does it cost", "price", frozenset({"price"}))
WEATHER = Question("what is the weather like today", "fallback", frozenset({"fallback"}))
MEANT = frozenset({"price", "booking"})


@pytest.mark.parametrize(
    ("kind", "intents", "right", "expected", "outcome"),
    [
        ("answer", ["booking"], MEANT, "price", "right"),
        ("handoff", ["prp"], MEANT, "price", "wrong"),
        ("clarify", ["prp", "booking"], MEANT, "price", "clarified"),
        ("clarify", ["prp"], MEANT, "price", "missed"),
        ("fallback", [], MEANT, "price", "missed"),
        ("fallback", [], MEANT | {"fallback"}, "price", "right"),
        ("safety", [], MEANT, "price", "wrong"),
        ("safety", [], MEANT | {"safety"}, "price", "right"),
        ("fallback", [], frozenset({"fallback"}), "fallback", "right"),
        ("clarify", ["prp"], frozenset({"fallback"}), "fallback", "clarified"),
        ("answer", ["prp"], frozenset({"fallback"}), "fallback", "wrong"),
        ("smalltalk", ["thanks"], frozenset({"fallback", "thanks"}), "fallback", "right"),
    ],
)
def test_outcomes(kind: Kind, intents: list[str], right: frozenset[str], expected: str, outcome: Outcome) -> None:
    """Each kind of reply is judged by what it answers or offers, and by every label that is as good."""
    assert judge(kind, intents, right, expected) == outcome


def test_known_questions_are_right_and_progress_is_told(small_bot: Chatbot) -> None:
    """The bot's own phrasings are right, the weather is refused, and every step is reported."""
    told: list[tuple[int, int]] = []
    evaluation = evaluate(small_bot, [PRICE, WEATHER], lambda done, of: told.append((done, of)))
    assert evaluation.counts("in scope") == Counts(right=1)
    assert evaluation.counts("out of scope") == Counts(right=1)
    assert evaluation.per_intent == {"price": Counts(right=1)}
    assert told == [(1, 2), (2, 2)]


def test_a_wrong_answer_is_a_confusion(small_bot: Chatbot) -> None:
    """What was answered instead is counted under what was meant."""
    mislabelled = replace(PRICE, expected="booking", intents=frozenset({"booking"}))
    evaluation = evaluate(small_bot, [mislabelled, mislabelled])
    assert evaluation.counts("in scope").share("wrong") == 1
    assert evaluation.confusions == (("booking", "price", 2),)


def test_rows_of_kind_answer_are_counted_apart(small_bot: Chatbot) -> None:
    """A handoff is in scope, but no answer of the articles."""
    prp = Question("what does prp mean", "prp_definition", frozenset({"prp_definition"}))
    assert evaluate(small_bot, [PRICE, prp]).answers == Counts(right=1)


def test_labels_that_the_knowledge_lacks_are_named(small_bot: Chatbot) -> None:
    """A mistyped label shows, instead of only lowering the figures."""
    assert evaluate(small_bot, [replace(PRICE, expected="prise")]).unknown == ("prise",)


def test_later_turns_are_asked_in_their_conversation(small_bot: Chatbot) -> None:
    """A message that means nothing alone is understood after what was said before."""
    later = Question("how is it done?", "prp_procedure", frozenset({"prp_procedure"}), before=("what does prp mean",))
    assert evaluate(small_bot, [later]).counts("follow-up") == Counts(right=1)


def test_messages_with_several_questions(small_bot: Chatbot) -> None:
    """All must be answered; a message with one question must get one answer."""
    text = "What does PRP mean? How much does it cost?"
    both = Question(text, "both", frozenset(), together=("prp_definition", "price"))
    one = Question(text, "price", frozenset(), together=("price",))
    three = Question(text, "all", frozenset(), together=("prp_definition", "price", "thanks"))
    evaluation = evaluate(small_bot, [both, one, three])
    assert evaluation.counts("several") == Counts(right=1, missed=1)
    assert evaluation.counts("single") == Counts(wrong=1)


def test_equal_intents_are_as_good_but_not_their_equals(small_bot: Chatbot) -> None:
    """Two groups that share an intent do not become one."""
    lexicon = small_bot.knowledge.lexicon.model_copy(update={"equal": (("a", "b"), ("b", "c"))})
    equal = Equal(small_bot.knowledge.model_copy(update={"lexicon": lexicon}))
    assert equal.to(["a"]) == {"a", "b"}
    assert equal.to(["b"]) == {"a", "b", "c"}


def test_cross_validation_judges_each_text_as_if_it_were_unknown(small_bot: Chatbot) -> None:
    """Every text of the knowledge has its record, and not all are right though all are known."""
    evaluation = cross_validate(small_bot)
    texts = sum(1 + len(intent.phrasings) for intent in small_bot.knowledge.intents())
    assert evaluation.counts("in scope").total == texts
    assert evaluation.counts("out of scope").total == len(small_bot.knowledge.out_of_scope)
    assert 0 < evaluation.counts("in scope").right < texts


def test_shares_of_nothing_are_nothing(small_bot: Chatbot) -> None:
    """An evaluation without questions divides by no zero."""
    assert Evaluation((), small_bot.rule).counts("in scope").share("right") == 0
