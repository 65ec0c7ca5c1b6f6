"""Messages that lean on what was just talked about."""

import pytest

from chatbot import Chatbot
from chatbot.dialogue.context import mentioned, restate
from chatbot.dialogue.session import Session
from chatbot.dialogue.understanding import words_of_topic
from chatbot.language.text import normalise

ABOUT_PRP = Session(topic="prp", intent="prp_procedure")


def _restate(bot: Chatbot, text: str, session: Session) -> str | None:
    known = words_of_topic(session.topic or "", bot.knowledge)
    return restate(text, session, bot.knowledge.lexicon.topics, bot.intents, known)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("how is it done?", "how is prp done"),
        ("is it done with my blood when you do it", "is prp done with my blood when you do it"),  # the first alone
        ("Is THAT with my blood", "is prp with my blood"),
        ("what happens on the day", "what happens on the day prp"),
        ("and the procedure?", "the procedure prp"),
    ],
)
def test_what_leans_on_the_topic(small_bot: Chatbot, text: str, full: str) -> None:
    """A pronoun, or a few words said about the topic, are completed with its name."""
    assert _restate(small_bot, text, ABOUT_PRP) == full


def test_the_words_of_the_topic_decide(clinic_bot: Chatbot) -> None:
    """What patients say about a topic leans on it: the clinic's knows "hurt", the small folder's does not."""
    assert _restate(clinic_bot, "does it hurt when you do it", ABOUT_PRP) == "does prp hurt when you do it"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀",
        "what is PRP",
        "does platelet-rich plasma hurt",
        "how much is it",
        "that is great",
        "the weather in london?",
        "where can i leave my car when i come to the clinic",
    ],
)
def test_what_stands_on_its_own(small_bot: Chatbot, text: str) -> None:
    """A named topic, a pronoun that means nothing, and words never used of the topic are left alone."""
    assert _restate(small_bot, text, ABOUT_PRP) is None


@pytest.mark.parametrize("session", [Session(), Session(topic="gone"), Session(topic=None, intent="prp_procedure")])
def test_no_topic_nothing_to_lean_on(small_bot: Chatbot, session: Session) -> None:
    """Without a topic, or with one that the knowledge no longer has, messages are taken as they are."""
    assert _restate(small_bot, "how is it done", session) is None


@pytest.mark.parametrize("text", ["what about hip pain?", "and hip pain", "ok but how about the hip pain one"])
def test_the_same_question_about_another_topic(small_bot: Chatbot, text: str) -> None:
    """Asking "what about" another topic repeats the last question for it."""
    assert _restate(small_bot, text, ABOUT_PRP) == "how is a hip pain injection done"


def test_another_topic_in_a_question_of_its_own(small_bot: Chatbot) -> None:
    """A full question about another topic is not completed, nor is anything when the last intent is gone."""
    assert _restate(small_bot, "why is there hip pain when i sit", ABOUT_PRP) is None
    assert _restate(small_bot, "what about hip pain", Session(topic="prp", intent="gone")) is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("What is PRP?", "prp"),
        ("platelet-rich plasma please", "prp"),
        ("prp for pain at the back of the hip", "hip_pain"),  # the longer name
        ("the clinic", None),  # no subject
        ("grprp", None),
        ("", None),
    ],
)
def test_the_topic_mentioned(small_bot: Chatbot, text: str, topic: str | None) -> None:
    """The longest whole name of a subject counts."""
    assert mentioned(normalise(text), small_bot.knowledge.lexicon.topics) == topic
