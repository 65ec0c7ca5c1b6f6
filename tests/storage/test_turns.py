"""What is kept of turns: counts of all, the text of few, nothing personal, nothing for longer than it may be."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from chatbot import Chatbot
from chatbot.storage.database import Database
from chatbot.storage.tables import IntentCount, Question, Table, TurnCount, Vote
from chatbot.storage.turns import MAX_TEXT, Feedback, Missed, Record, TurnRecord, purge, record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)


def missed(text: str, **changes: Any) -> TurnRecord:
    """A turn that found no answer to a text."""
    return TurnRecord(
        **{"when": NOW, "kind": "fallback", "tier": None, "intents": (), **changes},
        missed=(Missed(text, "unanswered"),),
    )


def thumb_down(question: str | None, turn: str = "t1", **changes: Any) -> Feedback:
    """A thumb down for a turn."""
    return Feedback(
        **{"turn": turn, "when": NOW, "helpful": False, "intent": "prp_definition", **changes}, question=question
    )


def write(database: Database, *records: Record, keep_texts: bool = True) -> None:
    record(database, records, keep_texts)


def rows(database: Database, table: type[Table], *columns: str) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        found = connection.execute(select(*(getattr(table, column) for column in columns)))
        return sorted(tuple(row) for row in found)


def texts(database: Database) -> list[tuple[Any, ...]]:
    return rows(database, Question, "reason", "text", "number")


def test_every_turn_is_counted_by_day_kind_and_tier(database: Database) -> None:
    answer = TurnRecord(NOW, "answer", None, ("prp_definition", "prp_price"))
    write(database, answer, answer, TurnRecord(NOW, "safety", "emergency", ()))
    write(database, answer, TurnRecord(NOW + timedelta(days=1), "handoff", "clinic", ("blood_thinners",)))
    assert rows(database, TurnCount, "day", "kind", "tier", "number") == [
        (TODAY, "answer", "", 3),
        (TODAY, "safety", "emergency", 1),
        (TODAY + timedelta(days=1), "handoff", "clinic", 1),
    ]
    assert rows(database, IntentCount, "day", "intent", "kind", "number") == [
        (TODAY, "prp_definition", "answer", 3),
        (TODAY, "prp_price", "answer", 3),
        (TODAY + timedelta(days=1), "blood_thinners", "handoff", 1),
    ]


def test_a_record_of_an_answer_carries_no_text(small_bot: Chatbot) -> None:
    turn = small_bot.reply("what is prp?")
    assert turn.kind == "answer"
    assert "prp?" not in repr(TurnRecord.of(turn, NOW))


@pytest.mark.parametrize("text", ["I cannot feel my legs and cannot pee", "i want to end my life"])
def test_a_record_of_an_alert_carries_no_text(small_bot: Chatbot, text: str) -> None:
    made = TurnRecord.of(small_bot.reply(text), NOW)
    assert (made.kind, made.missed) == ("safety", ())
    assert made.tier in {"emergency", "crisis"}


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("zebra trombone xylophone", "fallback", "unanswered"),
        ("blood", "clarify", "unclear"),
    ],
)
def test_a_record_of_a_miss_carries_its_text(small_bot: Chatbot, text: str, kind: str, reason: str) -> None:
    made = TurnRecord.of(small_bot.reply(text), NOW)
    assert made.kind == kind
    assert [(each.text, each.reason) for each in made.missed] == [(text, reason)]


def test_texts_are_redacted_before_they_are_written(database: Database) -> None:
    write(
        database, missed("call me on 07700 900123 about knees, I'm Beatrice Morton"), thumb_down("mail x@example.com")
    )
    assert texts(database) == [
        ("unanswered", "call me on [phone] about knees, I'm [name]", 1),
        ("unhelpful", "mail [email]", 1),
    ]


def test_equal_questions_share_a_row(database: Database) -> None:
    write(database, missed("Do you treat hands?"), missed("do you treat  HANDS"))
    write(database, missed("do you treat hands", when=NOW + timedelta(days=2)))
    assert texts(database) == [("unanswered", "Do you treat hands?", 3)]
    assert rows(database, Question, "first_seen", "last_seen") == [(NOW, NOW + timedelta(days=2))]


def test_equal_questions_that_are_written_together_share_a_row_too(database: Database) -> None:
    """Its first text, its first and its last time; another question beside it has a row of its own."""
    later = NOW + timedelta(seconds=5)
    for _ in range(2):
        write(database, missed("Does it hurt?"), missed("what else?"), missed("does it  HURT", when=later))
    kept = rows(database, Question, "text", "number", "last_seen")
    assert kept == [("Does it hurt?", 4, later), ("what else?", 2, NOW)]


def test_no_text_is_kept_where_none_may_be(database: Database) -> None:
    """The setting 0: counts and thumbs only."""
    write(database, missed("a question"), thumb_down("another", reason="Not what I asked"), keep_texts=False)
    assert texts(database) == []
    assert rows(database, TurnCount, "kind", "number") == [("fallback", 1)]
    assert rows(database, Vote, "helpful", "reason", "question") == [(False, "Not what I asked", None)]


def test_a_thumb_up_keeps_no_text(database: Database) -> None:
    write(database, Feedback("t1", NOW, helpful=True, intent="prp_definition", question="what is prp"))
    assert (texts(database), rows(database, Vote, "helpful")) == ([], [(True,)])


def test_the_last_thumb_of_a_turn_counts_and_takes_its_text_back(database: Database) -> None:
    write(database, thumb_down("what is it"), thumb_down("what is it", turn="t2"))
    write(database, Feedback("t1", NOW, helpful=True, intent="prp_definition"))
    assert texts(database) == [("unhelpful", "what is it", 1)]
    write(database, Feedback("t2", NOW, helpful=True, intent="prp_definition"))
    assert texts(database) == []
    assert rows(database, Vote, "turn", "helpful") == [("t1", True), ("t2", True)]


def test_a_thumb_sent_twice_counts_once(database: Database) -> None:
    write(database, thumb_down("what is it"), thumb_down("what is it"))
    write(database, thumb_down("what is it"))
    assert texts(database) == [("unhelpful", "what is it", 1)]


def test_texts_go_after_the_retention_time(database: Database) -> None:
    write(database, missed("old", when=NOW - timedelta(days=31)), missed("fresh", when=NOW - timedelta(days=29)))
    write(database, thumb_down("old too", when=NOW - timedelta(days=31)))
    assert purge(database, 30, NOW) == 2
    assert texts(database) == [("unanswered", "fresh", 1)]
    assert rows(database, Vote, "question") == [(None,)]
    assert purge(database, 0, NOW) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters()), max_size=4))
def test_any_text_can_be_kept(database: Database, typed: Sequence[str]) -> None:
    """Whatever characters a patient sends, halves of surrogate pairs and NUL included."""
    before = sum(number for *_, number in texts(database))
    write(database, *(missed(text * 400) for text in typed))
    kept = texts(database)
    assert sum(number for *_, number in kept) - before <= len(typed)
    assert all(0 < len(text) <= MAX_TEXT for _, text, _ in kept)
