"""Nothing alarming ever gets an FAQ answer, whatever else is in the message, in the session, or broken."""

import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot import Chatbot
from chatbot.dialogue.reply import Booking, Phone, SafetyCard, SafetyLine
from chatbot.dialogue.session import Session
from chatbot.dialogue.turn import Turn

ALARMS = [
    ("cant pee and my legs have gone numb", "emergency"),
    ("I have crushing chest pain", "emergency"),
    ("my throat is swelling up after the jab", "emergency"),
    ("I took an overdose", "emergency"),
    ("i don't want to live any more", "crisis"),
    ("my knee is hot, red and swollen since the injection", "urgent"),
]
CHOOSING = Session(topic="prp", intent="prp_definition", choices=("prp_procedure", "prp_purpose"), misses=2)
WHO = "my name is Zebedee"


def _lines(turn: Turn) -> str:
    return " ".join(block.text for block in turn.reply.blocks if isinstance(block, SafetyLine))


def _assert_card(turn: Turn, tier: str) -> None:
    """The card and nothing else: no answer, no booking, no choices; the session remembers."""
    assert (turn.kind, turn.tier, turn.intents, turn.parts) == ("safety", tier, (), ())
    assert isinstance(turn.reply.blocks[0], SafetyCard)
    assert all(isinstance(block, SafetyCard | SafetyLine) for block in turn.reply.blocks)
    assert turn.session.alerted
    assert turn.session.choices == ()


def _assert_fallback_with_numbers(turn: Turn) -> None:
    assert (turn.kind, turn.intents, turn.tier) == ("fallback", (), None)
    assert any(isinstance(block, Phone) for block in turn.reply.blocks)
    assert "111" in _lines(turn)
    assert "999" in _lines(turn)


# --- the alert wins


@pytest.mark.parametrize(("text", "tier"), ALARMS)
def test_an_alarm_gets_its_card_alone(clinic_bot: Chatbot, text: str, tier: str) -> None:
    """A card has its numbers, and neither the clinic's booking page nor its phone."""
    turn = clinic_bot.reply(text)
    _assert_card(turn, tier)
    assert "999" in turn.reply.text
    clinic = clinic_bot.knowledge.clinic
    assert str(clinic.booking_url) not in turn.reply.text
    assert clinic.phone not in turn.reply.text


@pytest.mark.parametrize("choosing", ["1", "the second one", "none of these", "no", "yes"])
@pytest.mark.parametrize(("text", "tier"), ALARMS)
def test_an_alert_wins_over_a_pending_choice(clinic_bot: Chatbot, choosing: str, text: str, tier: str) -> None:
    """A reply to choices that also says something alarming gets the card."""
    _assert_card(clinic_bot.reply(f"{choosing}, {text}", CHOOSING), tier)
    _assert_card(clinic_bot.reply(text, CHOOSING), tier)


@pytest.mark.parametrize("question", ["what is prp?", "how much is it", "how do i book?", "thank you", "weather?"])
@pytest.mark.parametrize(("text", "tier"), ALARMS)
def test_an_alert_wins_over_any_question(clinic_bot: Chatbot, question: str, text: str, tier: str) -> None:
    """Before or after an ordinary question, the alarm is what is answered."""
    _assert_card(clinic_bot.reply(f"{text}. {question}"), tier)
    _assert_card(clinic_bot.reply(f"{question} {text}"), tier)


@pytest.mark.parametrize("padding", ["what is prp and how much is it? ", "a ", "bitte ", "\n", "😀 ", "x"])
@pytest.mark.parametrize(("text", "tier"), ALARMS)
def test_an_alert_at_the_end_of_a_long_message(clinic_bot: Chatbot, padding: str, text: str, tier: str) -> None:
    """The gate reads all of 10,000 characters."""
    ending = f" . {text}"
    message = (padding * 10_000)[: 10_000 - len(ending)] + ending
    assert len(message) == 10_000
    _assert_card(clinic_bot.reply(message), tier)


@pytest.mark.parametrize(
    "text",
    [
        "CHEST PAIN",
        "c\u200bhest p\u200bain",
        "ｃｈｅｓｔ ｐａｉｎ",
        "chest\npain",
        "chest_pain",
        "chest\N{NO-BREAK SPACE}pain",
    ],
)
def test_an_alert_however_it_is_typed(clinic_bot: Chatbot, text: str) -> None:
    """Case, hidden characters and unusual spaces hide no alarm."""
    _assert_card(clinic_bot.reply(f"i have {text} now"), "emergency")


def test_an_alert_past_what_is_read(clinic_bot: Chatbot) -> None:
    """A message too long to be read whole is not answered as if it had been."""
    assert clinic_bot.reply("how much is it? " * 700 + "i have chest pain").tier == "emergency"


# --- after the alert


def test_the_next_answer_carries_the_line(clinic_bot: Chatbot) -> None:
    """After a card a question is answered, each time with the numbers."""
    session = clinic_bot.reply(ALARMS[0][0]).session
    for text in ("what is prp?", "how is it done?", "how much is it"):
        turn = clinic_bot.reply(text, session)
        session = turn.session
        assert turn.kind in {"answer", "handoff"}
        assert "111" in _lines(turn)
        assert "999" in _lines(turn)


@pytest.mark.parametrize(
    "text", ["only joking", "im fine, it was a joke", "just kidding! what is prp?", "thanks", "no"]
)
def test_a_joke_cancels_nothing(clinic_bot: Chatbot, text: str) -> None:
    """Taking it back leaves the session alerted and the numbers in the reply."""
    turn = clinic_bot.reply(text, clinic_bot.reply(ALARMS[1][0]).session)
    assert turn.session.alerted
    assert "999" in _lines(turn)


def test_a_second_alarm_gets_its_card_again(clinic_bot: Chatbot) -> None:
    """An alerted session does not weaken the gate."""
    session = clinic_bot.reply(ALARMS[1][0]).session
    _assert_card(clinic_bot.reply("only joking, but i can't feel my legs", session), "emergency")


# --- lines on answers, and questions for the team


def test_every_answer_with_a_safety_line_carries_it(clinic_bot: Chatbot) -> None:
    """An intent flagged `safety_line` is never answered without the curated line."""
    safety = clinic_bot.knowledge.safety
    flagged = [intent for intent in clinic_bot.intents.values() if intent.safety_line]
    assert flagged
    for intent in flagged:
        turn = clinic_bot.reply("1", Session(choices=(intent.id,)))
        assert turn.intents == (intent.id,)
        assert _lines(turn) == safety.fill(safety.lines.answer)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("im on warfarin can i have the injection", "blood_thinners"),
        ("i'm 12 weeks pregnant can i have a steroid jab", "pregnancy"),
        ("can my 15 year old son have a steroid injection?", "children"),
    ],
)
def test_clinic_tier_is_a_handoff(clinic_bot: Chatbot, text: str, intent: str) -> None:
    """A question for the team is an ordinary handoff with the phone; it carries the tier and ends nothing."""
    turn = clinic_bot.reply(text)
    assert (turn.kind, turn.intents, turn.tier) == ("handoff", (intent,), "clinic")
    assert any(isinstance(block, Phone) for block in turn.reply.blocks)
    assert any(isinstance(block, Booking) for block in turn.reply.blocks)
    assert not turn.session.alerted


def test_clinic_tier_does_not_swallow_other_questions(clinic_bot: Chatbot) -> None:
    """Beside a question for the team the other questions of the message are answered."""
    turn = clinic_bot.reply("what is prp? where are you? i'm on warfarin, can i have a steroid injection?")
    assert {"blood_thinners", "clinic_location"} <= set(turn.intents)


# --- faults


def _assert_silent_about(caplog: pytest.LogCaptureFixture, *texts: str) -> None:
    """One error was logged, and neither it nor its traceback quotes the message."""
    (record,) = caplog.records
    assert record.levelno >= logging.ERROR
    assert not any(text in caplog.text for text in texts)
    assert record.exc_info is None


def test_a_fault_in_the_matcher(
    clinic_bot: Chatbot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the matcher every question gets the fallback with the numbers, and every alarm its card."""

    def fail(texts: Sequence[str], top: int = 3) -> None:
        raise RuntimeError(f"cannot rank {texts}")

    monkeypatch.setattr(clinic_bot.matcher, "rank_many", fail)
    _assert_fallback_with_numbers(clinic_bot.reply(f"{WHO}, what is prp?"))
    _assert_silent_about(caplog, "Zebedee", "prp")
    for text, tier in ALARMS:
        _assert_card(clinic_bot.reply(text), tier)


@pytest.mark.parametrize("session", [None, CHOOSING, Session(misses=5, alerted=True)])
def test_a_fault_in_the_gate(
    clinic_bot: Chatbot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    session: Session | None,
) -> None:
    """Without the gate nothing is answered any more: the fallback with the numbers, whatever was going on."""

    def fail(text: str) -> None:
        raise ValueError(f"cannot read {text}")

    monkeypatch.setattr(clinic_bot.alarm, "gate", fail)
    _assert_fallback_with_numbers(clinic_bot.reply(f"{WHO}, what is prp?", session))
    _assert_silent_about(caplog, "Zebedee", "prp")


def test_a_fault_is_forgotten(clinic_bot: Chatbot, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a fault the conversation goes on where it was."""
    with monkeypatch.context() as broken:
        broken.delattr(clinic_bot.matcher, "calibrator_")
        session = clinic_bot.reply("how is it done?", CHOOSING).session
    assert clinic_bot.reply("how is it done?", session).intents == ("prp_procedure",)


# --- edits


def test_an_edited_intent_does_not_disarm_the_gate(folder: Path) -> None:
    """Staff who quote alarms as phrasings teach the matcher, not the gate."""
    file = folder / "prp.yaml"
    quoted = "".join(f"      - {text!r}\n" for text, _ in ALARMS)
    file.write_text(file.read_text().replace("    phrasings:\n", f"    phrasings:\n{quoted}", 1))
    bot = Chatbot.load(folder)
    assert bot.matcher.rank(ALARMS[0][0])[0].label == "prp_definition"
    for text, tier in ALARMS:
        _assert_card(bot.reply(text), tier)
        _assert_card(bot.reply(f"{text}, what is prp?"), tier)


def test_the_decision_rule_does_not_disarm_the_gate(clinic_bot: Chatbot) -> None:
    """A bot that answers everything at any confidence still shows the cards first."""
    rule = clinic_bot.rule.model_copy(update={"threshold": 0.0, "margin": 0.0, "clarify": 0.0})
    reckless = clinic_bot.with_knowledge(clinic_bot.knowledge.model_copy(update={"decision": rule}))
    assert reckless.reply("qwertz").kind != "fallback"
    for text, tier in ALARMS:
        _assert_card(reckless.reply(text), tier)
