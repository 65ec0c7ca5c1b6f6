"""What is measured was not learnt: questions for measuring share no wording with what the bot is fitted on."""

from pathlib import Path

import pytest

from chatbot import Chatbot
from chatbot.curation.questions import read_questions
from chatbot.language.text import normalise

ROOT = Path(__file__).parent.parent
OWN = ROOT / "intents" / "evaluation"
SHARED = ROOT.parent / "shared" / "questions" / "dev.jsonl"


@pytest.fixture(scope="module")
def learnt(clinic_bot: Chatbot) -> frozenset[str]:
    """Every text that the bot is fitted on, in one plain form."""
    knowledge = clinic_bot.knowledge
    texts = [text for intent in knowledge.intents() for text in (intent.question, *intent.phrasings)]
    return frozenset(normalise(text) for text in (*texts, *knowledge.out_of_scope)) - {""}


@pytest.mark.parametrize("name", ["questions.jsonl", "out_of_scope.jsonl"])
def test_own_questions_are_not_learnt(learnt: frozenset[str], name: str) -> None:
    """No question of the evaluation set is a phrasing or an out-of-scope example."""
    questions = {normalise(question.text) for question in read_questions(OWN / name)}
    assert len(questions) >= 100
    assert questions & learnt == set()


@pytest.mark.parametrize("name", ["second_author.jsonl", "third_author.jsonl", "fourth_author.jsonl"])
def test_other_authors_questions_are_not_learnt(learnt: frozenset[str], name: str) -> None:
    """No phrasing of four words or more is a question of an author who wrote for measuring."""
    questions = {normalise(question.text) for question in read_questions(OWN / name)}
    assert len(questions) >= 200
    assert {text for text in questions & learnt if len(text.split()) >= 4} == set()


def test_development_questions_are_not_learnt(learnt: frozenset[str]) -> None:
    """No phrasing of four words or more is a development question; shorter ones ("how much is it") are anybody's."""
    if not SHARED.exists():
        pytest.skip("the development questions lie beside the project only where it is developed")
    questions = {normalise(question.text) for question in read_questions(SHARED)}
    assert {text for text in questions & learnt if len(text.split()) >= 4} == set()


def test_every_intent_has_twenty_phrasings(clinic_bot: Chatbot) -> None:
    """Each intent is said in at least twenty ways, all different."""
    for intent in clinic_bot.knowledge.intents():
        assert len({normalise(phrasing) for phrasing in intent.phrasings}) >= 20, intent.id
