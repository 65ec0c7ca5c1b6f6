"""Choosing the threshold, the margin and the limit for choices."""

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from chatbot import Chatbot
from chatbot.curation import tune as tuning
from chatbot.curation.evaluation import Equal, judge
from chatbot.curation.questions import Question
from chatbot.curation.tune import rank_questions, rank_rehearsal, tune, write_decision
from chatbot.dialogue.decision import decide
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.model import DecisionRule


@pytest.fixture(scope="module")
def questions(small_bot: Chatbot) -> list[Question]:
    """Questions of which the bot gets some wrong: the last phrasing of an intent is labelled as the next."""
    intents = list(small_bot.knowledge.intents())
    labelled = [(text, i.id) for i in intents for text in i.phrasings[:-1]]
    labelled += [(i.phrasings[-1], other.id) for i, other in pairwise(intents)]
    labelled += [(text, "fallback") for text in small_bot.knowledge.out_of_scope]
    return [Question(text, label, frozenset({label})) for text, label in labelled]


def test_arrays_decide_as_the_bot_does(small_bot: Chatbot, questions: list[Question]) -> None:
    """What the arrays say of a rule is what `decide` and `judge` say message by message."""
    ranked = rank_questions(small_bot, questions)
    equal = Equal(small_bot.knowledge)
    matches = small_bot.matcher.rank_many([small_bot.reader.read(q.text).text for q in questions])
    for limits in ((0.5, 0.1, 0.2), (0.1, 0.4, 0.05), (0.9, 0.0, 0.9)):
        rule = DecisionRule(wrong_rate=0.05, threshold=limits[0], margin=limits[1], clarify=limits[2])
        decisions = [decide(line, rule, small_bot.intents) for line in matches]
        assert ranked.answered(rule).tolist() == [decision.answered for decision in decisions]
        assert ranked.clarified(rule).tolist() == [decision.kind == "clarify" for decision in decisions]
        outcomes = [
            judge(decision.kind, decision.intents, equal.to(question.intents), question.expected)
            for decision, question in zip(decisions, questions)
        ]
        assert (ranked.answered(rule) & ~ranked.right).tolist() == [outcome == "wrong" for outcome in outcomes]


def test_the_grid_finds_what_trying_every_rule_finds(small_bot: Chatbot, questions: list[Question]) -> None:
    """The fast search is held against a plain one over the same rules."""
    ranked = rank_questions(small_bot, questions)
    chosen = tuning._choose(ranked, 0.05)
    assert _worth(ranked, chosen) >= max(_worth(ranked, rule) for rule in _some_rules()) - 1e-9


def test_fewer_wrong_answers_are_given_where_fewer_are_allowed(small_bot: Chatbot, questions: list[Question]) -> None:
    """The measured rate stays within the stated one, whatever it is."""
    rates = [tune(small_bot, questions, rate).measured["wrong_rate"] for rate in (0.02, 0.05, 0.2)]
    assert rates == sorted(rates)
    assert all(measured <= stated for measured, stated in zip(rates, (0.02, 0.05, 0.2)))


def test_nothing_is_answered_where_every_answer_would_be_wrong(small_bot: Chatbot) -> None:
    """A rate that cannot be met gives the strictest rule, not the most lenient."""
    mislabelled = [Question(text, "thanks", frozenset({"thanks"})) for text in ("prp meaning", "how much is it")]
    rule = tune(small_bot, mislabelled, 0.01)
    assert rule.threshold == pytest.approx(1, abs=0.05)


def test_the_numbers_behind_the_rule_are_recorded(small_bot: Chatbot, questions: list[Question]) -> None:
    """Everybody can see on how many messages the choice rests, and what became of them."""
    rule = tune(small_bot, questions)
    outcomes = [rule.measured[name] for name in ("right", "clarified", "wrong", "missed")]
    assert sum(outcomes) == pytest.approx(1, abs=1e-3)
    assert rule.measured["in_scope"] + rule.measured["out_of_scope"] == len(questions)
    assert rule.measured["out_of_scope_rehearsed"] == len(rank_rehearsal(small_bot).weight)


def test_the_written_rule_is_the_one_that_is_loaded(
    small_bot: Chatbot, small_knowledge: Path, tmp_path: Path, questions: list[Question]
) -> None:
    """What is written as decision.yaml comes back with the knowledge."""
    rule = tune(small_bot, questions)
    folder = Path(shutil.copytree(small_knowledge, tmp_path / "intents"))
    write_decision(rule, folder / "decision.yaml")
    loaded = load_knowledge(folder).decision
    assert loaded is not None
    assert loaded == rule


def _some_rules() -> list[DecisionRule]:
    """Every rule of the grid with few digits; all of them would take a minute."""
    limits = [float(limit) for limit in tuning._CONFIDENCES]
    return [
        DecisionRule(wrong_rate=0.05, threshold=threshold, margin=float(margin), clarify=clarify)
        for threshold in limits[::6]
        for margin in tuning._MARGINS[::5]
        for clarify in limits[::6]
        if clarify <= threshold
    ]


def _worth(ranked: tuning.Ranked, rule: DecisionRule) -> float:
    answered, clarified = ranked.answered(rule), ranked.clarified(rule)
    if (answered & ~ranked.right).mean() > 0.05:
        return -np.inf
    refused = ~answered & ~clarified & ranked.declined
    needless = tuning._NEEDLESS_CHOICES_ARE_WORTH * (clarified & ranked.outside).sum()
    offered = tuning._CHOICES_ARE_WORTH * (clarified & ranked.offered & ~ranked.outside).sum()
    return float((answered & ranked.right).sum() + refused.sum() + offered + needless)
