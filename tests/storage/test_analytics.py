"""Counts for the analytics page, without the small ones."""

from datetime import UTC, date, datetime, timedelta

from chatbot.storage import analytics, inbox
from chatbot.storage.analytics import Period, Thumbs
from chatbot.storage.database import Database
from chatbot.storage.turns import Feedback, Missed, TurnRecord, record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)
TOMORROW = date(2026, 3, 2)
BOTH = Period(TODAY, TOMORROW)


def turns(database: Database, number: int, kind: str, *intents: str, tier: str | None = None, days: int = 0) -> None:
    record(database, [TurnRecord(NOW + timedelta(days=days), kind, tier, intents)] * number, keep_texts=True)


def thumbs(database: Database, number: int, helpful: bool, intent: str, reason: str | None = None) -> None:
    votes = [Feedback(f"{intent} {helpful} {n}", NOW, helpful, intent, reason) for n in range(number)]
    record(database, votes, keep_texts=True)


def test_turns_by_day_and_kind(database: Database) -> None:
    turns(database, 7, "answer", "prp_price")
    turns(database, 4, "fallback")
    turns(database, 5, "answer", "prp_price", days=1)
    turns(database, 9, "answer", "prp_price", days=2)
    with database.reading() as transaction:
        assert analytics.by_day(transaction, BOTH) == {TODAY: {"answer": 7, "fallback": None}, TOMORROW: {"answer": 5}}
        assert analytics.by_kind(transaction, BOTH) == {"answer": 12, "fallback": None}


def test_small_counts_add_up_before_they_are_hidden(database: Database) -> None:
    turns(database, 3, "safety", tier="urgent")
    turns(database, 3, "safety", tier="urgent", days=1)
    turns(database, 1, "safety", tier="crisis")
    with database.reading() as transaction:
        assert analytics.by_tier(transaction, BOTH) == {"urgent": 6, "crisis": None}


def test_intents_the_most_frequent_first_or_by_topic(database: Database) -> None:
    turns(database, 5, "answer", "prp_price")
    turns(database, 8, "answer", "prp_definition", "prp_price")
    turns(database, 2, "handoff", "opening_hours")
    with database.reading() as transaction:
        assert list(analytics.by_intent(transaction, BOTH).items()) == [
            (("prp_price", "answer"), 13),
            (("prp_definition", "answer"), 8),
            (("opening_hours", "handoff"), None),
        ]
        assert analytics.by_intent(transaction, BOTH, lambda intent: intent.split("_")[0]) == {
            ("prp", "answer"): 21,
            ("opening", "handoff"): None,
        }


def test_thumbs_the_worst_first(database: Database) -> None:
    thumbs(database, 9, True, "prp_price")
    thumbs(database, 6, False, "prp_price", "Not what I asked")
    thumbs(database, 2, False, "mri_definition", "Too long")
    with database.reading() as transaction:
        assert analytics.thumbs(transaction, BOTH) == (Thumbs("prp_price", 9, 6), Thumbs("mri_definition", 0, None))
        assert analytics.thumb_reasons(transaction, BOTH) == {"Not what I asked": 6, "Too long": None}


def test_what_a_fix_would_have_answered(database: Database) -> None:
    for text, number in (("a", 40), ("b", 1), ("c", 7)):
        record(database, [TurnRecord(NOW, "fallback", None, (), (Missed(text, "unanswered"),))] * number, True)
    with database.reading() as transaction:
        ids = [item.id for item in inbox.items(transaction) if item.text in "ab"]
        assert analytics.asked(transaction, tuple(ids)) == 41
        assert analytics.asked(transaction, ()) == 0
