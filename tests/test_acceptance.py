"""The clinic's chatbot on the development questions: what was promised when it was ordered."""

from pathlib import Path

import pytest

from chatbot import Chatbot
from chatbot.curation.evaluation import Evaluation, evaluate
from chatbot.curation.questions import read_questions

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT.parent / "shared" / "questions"

RIGHT = 0.78
RIGHT_OR_CLARIFIED = 0.90
WRONG = 0.07
ANSWERS_RIGHT = 0.75
OUT_OF_SCOPE_ANSWERED = 0.07
OUT_OF_SCOPE_CLARIFIED = 0.15
LATER_TURNS_RIGHT = 0.80
SEVERAL_ALL_ANSWERED = 0.70
SINGLE_ALONE_ANSWERED = 0.80


def _evaluate(bot: Chatbot, name: str) -> Evaluation:
    path = QUESTIONS / name
    if not path.exists():
        pytest.skip(f"{path} lies beside the project only where it is developed")
    return evaluate(bot, read_questions(path))


def test_single_questions(clinic_bot: Chatbot) -> None:
    """In scope mostly right and hardly ever wrong; out of scope hardly ever answered."""
    evaluation = _evaluate(clinic_bot, "dev.jsonl")
    inside, outside = evaluation.counts("in scope"), evaluation.counts("out of scope")
    assert evaluation.unknown == ()
    assert inside.share("right") >= RIGHT
    assert inside.share("right", "clarified") >= RIGHT_OR_CLARIFIED
    assert inside.share("wrong") <= WRONG
    assert evaluation.answers.share("right") >= ANSWERS_RIGHT
    assert outside.share("wrong") <= OUT_OF_SCOPE_ANSWERED  # a card is an answer, too
    assert outside.share("clarified") <= OUT_OF_SCOPE_CLARIFIED


def test_conversations(clinic_bot: Chatbot) -> None:
    """Later turns are understood from what was said before."""
    evaluation = _evaluate(clinic_bot, "dialogues.jsonl")
    assert evaluation.counts("follow-up").share("right") >= LATER_TURNS_RIGHT


def test_several_questions_in_one_message(clinic_bot: Chatbot) -> None:
    """Each question is answered, and a message with one gets one answer."""
    evaluation = _evaluate(clinic_bot, "compound.jsonl")
    assert evaluation.counts("several").share("right") >= SEVERAL_ALL_ANSWERED
    assert evaluation.counts("single").share("right") >= SINGLE_ALONE_ANSWERED
