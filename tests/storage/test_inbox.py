"""The inbox: what staff see of questions, what they do about them, and undoing it."""

from datetime import UTC, datetime, timedelta

import pytest

from chatbot.errors import StorageError
from chatbot.storage import inbox
from chatbot.storage.audit import entries
from chatbot.storage.database import Database
from chatbot.storage.inbox import Item
from chatbot.storage.tables import State
from chatbot.storage.turns import Missed, TurnRecord, purge, record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN = "ann@example.org"


def ask(database: Database, text: str, times: int = 1, when: datetime = NOW) -> None:
    record(database, [TurnRecord(when, "fallback", None, (), (Missed(text, "unanswered", "prp_price"),))] * times, True)


def items(database: Database, **filters: object) -> tuple[Item, ...]:
    with database.reading() as transaction:
        return inbox.items(transaction, **filters)  # type: ignore[arg-type]


def settle(database: Database, state: State, *texts: str, assigned: str | None = None) -> int:
    ids = [item.id for item in items(database) if item.text in texts]
    with database.writing() as transaction:
        return inbox.settle(transaction, ids, state, ANN, NOW, assigned)


def undo(database: Database, act: int) -> int:
    with database.writing() as transaction:
        return inbox.undo(transaction, act, ANN, NOW)


def states(database: Database) -> dict[str, tuple[str, str | None]]:
    return {item.text: (item.state, item.assigned) for item in items(database)}


def test_urgent_and_frequent_questions_come_first(database: Database) -> None:
    ask(database, "once")
    ask(database, "thrice", times=3)
    ask(database, "burning")
    settle(database, "urgent", "burning")
    assert [(item.text, item.number) for item in items(database)] == [("burning", 1), ("thrice", 3), ("once", 1)]


def test_filters_narrow_the_list(database: Database) -> None:
    ask(database, "100% cotton?")
    ask(database, "1000 cottons?", when=NOW - timedelta(days=9))
    settle(database, "ignored", "100% cotton?")
    assert [item.text for item in items(database, states=["new"])] == ["1000 cottons?"]
    assert [item.text for item in items(database, words="0% COT")] == ["100% cotton?"]
    assert [item.text for item in items(database, since=NOW)] == ["100% cotton?"]
    assert items(database, reasons=["unhelpful"]) == ()
    assert len(items(database, reasons=["unanswered"], limit=1)) == 1
    with database.reading() as transaction:
        assert inbox.state_counts(transaction) == {"new": 1, "ignored": 1}


def test_an_act_can_be_undone_once(database: Database) -> None:
    """Each question goes back to what it was by itself."""
    for text in ("a", "b", "c"):
        ask(database, text)
    settle(database, "urgent", "a")
    act = settle(database, "pending", "a", "b", assigned="prp_price")
    assert states(database) == {"a": ("pending", "prp_price"), "b": ("pending", "prp_price"), "c": ("new", None)}
    assert undo(database, act) == 2
    assert states(database) == {"a": ("urgent", None), "b": ("new", None), "c": ("new", None)}
    with pytest.raises(StorageError, match="undone already"):
        undo(database, act)


def test_undoing_is_no_trouble_where_questions_are_gone(database: Database) -> None:
    ask(database, "old", when=NOW - timedelta(days=40))
    ask(database, "fresh")
    act = settle(database, "done", "old", "fresh")
    purge(database, 30, NOW)
    assert undo(database, act) == 1
    with pytest.raises(StorageError, match="not there any more"), database.writing() as transaction:
        inbox.settle(transaction, [99_999], "done", ANN, NOW)


def test_a_question_that_is_asked_again_comes_back(database: Database) -> None:
    """Done was not enough; ignored stays ignored."""
    ask(database, "a")
    ask(database, "b")
    settle(database, "done", "a", assigned="prp_price")
    settle(database, "ignored", "b")
    ask(database, "A")
    ask(database, "B")
    assert states(database) == {"a": ("new", "prp_price"), "b": ("ignored", None)}


def test_the_audit_names_acts_and_no_text(database: Database) -> None:
    ask(database, "a secret question")
    undo(database, settle(database, "pending", "a secret question", assigned="prp_price"))
    with database.reading() as transaction:
        found = entries(transaction)
    assert [(each.who, each.act) for each in found] == [(ANN, "questions undone"), (ANN, "questions pending")]
    assert "secret" not in repr(found)
