"""Conversations with the clinic's chatbot, as patients have them."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot import Chatbot
from chatbot.dialogue.decision import Kind
from chatbot.dialogue.reply import Block, Booking, Choices, Phone, SafetyLine, SourceLink
from chatbot.dialogue.session import Session
from chatbot.dialogue.turn import CONTACT_FIRST_FROM, Turn
from chatbot.language.english import load_common

NONSENSE = [
    "what is the weather like",
    "who won the football",
    "tell me a joke about cats",
    "a recipe for soup",
]


def _talk(bot: Chatbot, *messages: str) -> Turn:
    """The last turn of a conversation."""
    session = None
    for message in messages[:-1]:
        session = bot.reply(message, session).session
    return bot.reply(messages[-1], session)


def _blocks(turn: Turn, kind: type[Block]) -> list[Block]:
    return [block for block in turn.reply.blocks if isinstance(block, kind)]


def _offered(turn: Turn) -> list[str]:
    return [choice.intent for block in turn.reply.blocks if isinstance(block, Choices) for choice in block.choices]


def _assert_names_both_numbers(turn: Turn) -> None:
    lines = [block.text for block in turn.reply.blocks if isinstance(block, SafetyLine)]
    assert len(lines) == 1
    assert "111" in lines[0]
    assert "999" in lines[0]


# --- one question


@pytest.mark.parametrize(
    ("text", "intent"),
    [("what is PRP?", "prp_definition"), ("my bum hurts when i drive", "hip_pain_sitting")],
)
def test_answers_with_their_source(clinic_bot: Chatbot, text: str, intent: str) -> None:
    """A question of the articles gets the curated answer, surely, with the article's address."""
    turn = clinic_bot.reply(text)
    assert (turn.kind, turn.intents, turn.tier) == ("answer", (intent,), None)
    assert turn.confidence > 0.9
    assert any(isinstance(block, SourceLink) and block.url for block in turn.reply.blocks)


def test_a_handoff_is_honest(clinic_bot: Chatbot) -> None:
    """A price is not in the articles: the reply says so and gives the contact."""
    turn = clinic_bot.reply("how much is it")
    assert (turn.kind, turn.intents) == ("handoff", ("price",))
    assert "articles do not" in turn.reply.text
    assert _blocks(turn, Phone) == [Phone(clinic_bot.knowledge.clinic.phone)]
    assert len(_blocks(turn, Booking)) == 1


@pytest.mark.parametrize(
    "text", ["what is the weather like today?", "", "?", "😀", "asdf qwer zxcv", "Qu'est-ce que c'est"]
)
def test_the_fallback_gives_contact_and_numbers(clinic_bot: Chatbot, text: str) -> None:
    """What nothing answers gets the phone, the booking page, the 111/999 line and something to ask instead."""
    turn = clinic_bot.reply(text)
    assert (turn.kind, turn.intents, turn.tier) == ("fallback", (), None)
    assert len(_blocks(turn, Phone)) == len(_blocks(turn, Booking)) == 1
    _assert_names_both_numbers(turn)
    assert _offered(turn)


@pytest.mark.parametrize(("text", "intent"), [("hello", "greeting"), ("thanks!", "thanks"), ("bye", "goodbye")])
def test_small_talk(clinic_bot: Chatbot, text: str, intent: str) -> None:
    """Politeness is returned and counts as no miss."""
    turn = clinic_bot.reply(text, Session(misses=2))
    assert (turn.kind, turn.intents, turn.session.misses) == ("smalltalk", (intent,), 0)


@pytest.mark.parametrize("text", ["thanks!", "bye"])
def test_nothing_is_offered_to_who_is_leaving(clinic_bot: Chatbot, text: str) -> None:
    """After a thank-you or a goodbye no further questions are put in the way."""
    assert _offered(clinic_bot.reply(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "WHAT IS PRP???",
        "what is p\u200brp",
        "ＷＨＡＴ ＩＳ ＰＲＰ",
        "whats prp 🤔",
        "what\x00is\nprp",
        "wot is prp",
    ],
)
def test_however_it_is_typed(clinic_bot: Chatbot, text: str) -> None:
    """Case, hidden characters, full-width letters and emoji do not change the answer."""
    assert clinic_bot.reply(text).intents == ("prp_definition",)


def test_every_intent_answers_its_own_question(clinic_bot: Chatbot) -> None:
    """The question shown as a choice is answered or offered when it is typed."""
    for intent in clinic_bot.intents.values():
        assert intent.id in clinic_bot.reply(intent.question).intents


# --- several questions


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("what is prp and how much does it cost", ("prp_definition", "price")),
        ("What is PRP? Where are you? How much is it?", ("prp_definition", "clinic_location", "price")),
        ("hi! what is prp?", ("prp_definition",)),
        ("what is prp? what is prp?", ("prp_definition",)),
        ("what is prp, does it hurt, how much is it", ("prp_definition", "injection_pain", "price")),
    ],
)
def test_each_question_is_answered_once(clinic_bot: Chatbot, text: str, intents: tuple[str, ...]) -> None:
    """Several questions are answered in order, each once; a greeting beside them is passed over."""
    turn = clinic_bot.reply(text)
    assert turn.intents == intents
    assert turn.confidence == min(part.decision.confidence for part in turn.parts)


def test_at_most_three_questions(clinic_bot: Chatbot) -> None:
    """Of four questions three are answered, with the contact and the choices once."""
    turn = clinic_bot.reply("what is prp? how much is it? where are you? what is sciatica? when are you open?")
    assert len(turn.intents) == len(turn.parts) == 3
    assert [len(_blocks(turn, kind)) for kind in (Phone, Booking, Choices)] == [1, 1, 1]


# --- follow-ups and choices


def test_follow_ups_lean_on_the_topic(clinic_bot: Chatbot) -> None:
    """A conversation about PRP goes on without its name, and turns to steroids with a word."""
    talk = ["what is PRP?", "how is it done?", "does it hurt?", "what about the steroid one?"]
    turns = [_talk(clinic_bot, *talk[: length + 1]) for length in range(4)]
    assert [turn.intents for turn in turns[:3]] == [
        ("prp_definition",),
        ("prp_procedure",),
        ("injection_pain",),
    ]
    assert [turn.session.topic for turn in turns] == ["prp", "prp", "prp", "steroid"]
    assert turns[3].intents[0].startswith("steroid")


def test_close_intents_are_clarified(clinic_bot: Chatbot) -> None:
    """Where no intent is far enough ahead, up to three are offered, and a way out."""
    rule = clinic_bot.rule.model_copy(update={"margin": 1.0})
    careful = clinic_bot.with_knowledge(clinic_bot.knowledge.model_copy(update={"decision": rule}))
    turn = careful.reply("what is PRP?")
    assert turn.kind == "clarify"
    assert 2 <= len(turn.intents) <= 3
    assert turn.session.choices == turn.intents == tuple(_offered(turn))
    assert clinic_bot.knowledge.clinic.none_of_these in turn.reply.text
    assert clinic_bot.reply("1", turn.session).intents == ("prp_definition",)


OFFERED = Session(
    choices=("prp_procedure", "price", "booking"), topic="prp", intent="prp_definition", misses=1, clarifying=True
)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("2", "price"),
        ("the second one", "price"),
        ("number three please", "booking"),
        ("How is a PRP injection done?", "prp_procedure"),
        ("the last", "booking"),
    ],
)
def test_a_choice_is_picked(clinic_bot: Chatbot, text: str, intent: str) -> None:
    """By number, by place or by name, and it is certain."""
    turn = clinic_bot.reply(text, OFFERED)
    assert (turn.intents, turn.confidence, turn.session.misses) == ((intent,), 1.0, 0)


@pytest.mark.parametrize("text", ["none of these", "no", "4"])
def test_no_choice_fits(clinic_bot: Chatbot, text: str) -> None:
    """Refusing in words or by the number of the way out leads to the contact."""
    turn = clinic_bot.reply(text, OFFERED)
    assert (turn.kind, turn.session.misses) == ("fallback", 2)
    assert _blocks(turn, Phone)


def test_a_choice_is_pressed(clinic_bot: Chatbot) -> None:
    """A pressed choice is answered by its intent, whatever its label, and even if it is no longer on offer."""
    turn = clinic_bot.reply("Book an appointment", Session(misses=2), choice="price")
    assert (turn.intents, turn.confidence, turn.session.misses) == (("price",), 1.0, 0)


def test_a_pressed_choice_that_is_gone(clinic_bot: Chatbot) -> None:
    """A choice from another revision counts for nothing; its label is read as a question."""
    assert clinic_bot.reply("what is PRP?", choice="gone") == clinic_bot.reply("what is PRP?")


def test_the_alarm_reads_the_label_of_a_choice(clinic_bot: Chatbot) -> None:
    """No choice leads past the alarm."""
    assert clinic_bot.reply("I have crushing chest pain and cannot breathe", choice="price").kind == "safety"


def test_yes_to_the_only_choice(clinic_bot: Chatbot) -> None:
    """Where one choice is on offer, yes picks it."""
    assert clinic_bot.reply("yes please", Session(choices=("price",))).intents == ("price",)


def test_a_new_question_passes_over_the_choices(clinic_bot: Chatbot) -> None:
    """Choices do not have to be answered."""
    assert clinic_bot.reply("where is the clinic?", OFFERED).intents == ("clinic_location",)


def test_a_session_from_another_knowledge(clinic_bot: Chatbot) -> None:
    """Topics, intents and choices that no longer exist do no harm."""
    gone = Session(topic="gone", intent="gone", choices=("gone", "price"), misses=99)
    assert clinic_bot.reply("1", gone).intents == ("price",)
    assert clinic_bot.reply("how is it done?", gone).kind in get_args(Kind)


def test_no_thanks_to_related_questions(clinic_bot: Chatbot) -> None:
    """Related questions are no question to the patient: to decline them is polite, not a miss."""
    assert _talk(clinic_bot, "what is PRP?", "no thanks").session.misses == 0


def test_a_greeting_is_never_offered(clinic_bot: Chatbot) -> None:
    """Whatever single word is typed, a greeting is nothing that a patient may have meant to ask."""
    offered = {intent for word in load_common(500) for intent in _offered(clinic_bot.reply(word))}
    assert offered.isdisjoint({"greeting", "thanks", "goodbye"})


def test_a_pronoun_is_not_always_the_topic(clinic_bot: Chatbot) -> None:
    """Words about something else are not answered with the topic, for all their "it"."""
    about_prp = clinic_bot.reply("what is PRP?").session
    for text in ("how far is it from heathrow", "what is it like outside?", "this is my email"):
        turn = clinic_bot.reply(text, about_prp)
        assert turn.kind == "clarify" or not any(intent.startswith("prp") for intent in turn.intents)


# --- misses


def test_from_the_third_miss_the_contact_comes_first(clinic_bot: Chatbot) -> None:
    """Twice an apology comes first; then the phone number does, until something is answered."""
    session, first = None, []
    for text in NONSENSE:
        turn = clinic_bot.reply(text, session)
        session = turn.session
        first.append(type(turn.reply.blocks[0]))
        _assert_names_both_numbers(turn)
    assert [kind is Phone for kind in first] == [miss >= CONTACT_FIRST_FROM for miss in range(1, 5)]
    assert clinic_bot.reply("what is PRP?", session).session.misses == 0


# --- values


@pytest.mark.parametrize("text", ["what is PRP?", "does it hurt?", "2", "weather", "jab"])
def test_same_input_same_output(clinic_bot: Chatbot, text: str) -> None:
    """The bot keeps nothing: whatever was asked in between, a text and a session give the same turn."""
    before = clinic_bot.reply(text, OFFERED)
    for other in NONSENSE:
        clinic_bot.reply(other)
    assert clinic_bot.reply(text, OFFERED) == before
    assert OFFERED.choices == ("prp_procedure", "price", "booking")


# --- revisions


def test_a_revision_shares_what_is_the_same(clinic_bot: Chatbot) -> None:
    """An edit of one answer changes that answer alone, and nothing is fitted or compiled again."""
    knowledge = clinic_bot.knowledge
    edited = knowledge.by_id["price"].model_copy(update={"phrasings": (*knowledge.by_id["price"].phrasings, "wampum?")})
    topics = tuple(
        topic.model_copy(update={"intents": tuple(edited if i.id == "price" else i for i in topic.intents)})
        for topic in knowledge.topics
    )
    revised = clinic_bot.with_knowledge(knowledge.model_copy(update={"topics": topics}))
    assert revised.alarm.rules is clinic_bot.alarm.rules
    assert revised.reply("wampum").intents == ("price",) != clinic_bot.reply("wampum").intents
    again = revised.with_knowledge(knowledge)
    assert [again.reply(text) for text in NONSENSE] == [clinic_bot.reply(text) for text in NONSENSE]


# --- any text


def _assert_valid(bot: Chatbot, turn: Turn) -> None:
    assert turn.kind in get_args(Kind)
    assert set(turn.intents) <= set(bot.intents)
    assert 0 <= turn.confidence <= 1
    assert turn.tier in {None, "emergency", "crisis", "urgent", "clinic"}
    assert turn.reply.text.strip()
    assert set(turn.session.choices) <= set(bot.intents)
    assert len(turn.parts) <= 3


SESSIONS = st.builds(
    Session,
    topic=st.sampled_from([None, "prp", "clinic", "gone"]),
    intent=st.sampled_from([None, "prp_definition", "gone"]),
    choices=st.sampled_from([(), ("price",), ("prp_procedure", "price", "gone")]),
    misses=st.integers(0, 5),
    alerted=st.booleans(),
)
PIECES = st.sampled_from(
    "what is prp|it|?|, and |;|\n|how much|2|the second one|no|my bum|'|😀|\u202e|chest pain".split("|")
)


@settings(max_examples=150, deadline=None)
@given(text=st.text() | st.lists(PIECES).map(" ".join), session=SESSIONS)
def test_any_text_gets_a_valid_turn(clinic_bot: Chatbot, text: str, session: Session) -> None:
    """Arbitrary Unicode, and fragments of questions in any order, in any state of the conversation."""
    turn = clinic_bot.reply(text, session)
    _assert_valid(clinic_bot, turn)
    assert turn.text == text


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "prp? " * 2_000, "what is it? " * 800, "привет " * 1_400, "?" * 50_000, "\ud800\udfff"],
    ids=["one word", "2,000 questions", "800 sentences", "not English", "too long", "broken"],
)
def test_long_and_broken_texts(clinic_bot: Chatbot, text: str) -> None:
    """Messages that no person types are answered as well-formed as others."""
    _assert_valid(clinic_bot, clinic_bot.reply(text))
