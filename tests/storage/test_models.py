"""Fitted models beside the revisions: one machine fits, the others fetch."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from chatbot.kept import ModelShelf
from chatbot.language.kept_matcher import matcher_recipe
from chatbot.language.matcher import Matcher
from chatbot.storage.database import Database
from chatbot.storage.models import NEWEST, SharedShelf, fetch, keep, shelf
from chatbot.storage.tables import Model
from tests.kept_cases import LABELS, QUESTIONS, TEXTS, count_fits

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def machine(database: Database, folder: Path) -> Matcher:
    """The matcher as a machine with this folder obtains it."""
    return SharedShelf(ModelShelf(folder), database, lambda: NOW).obtain(matcher_recipe(TEXTS, LABELS, TEXTS))


def test_a_second_machine_does_not_fit(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = count_fits(monkeypatch)
    first, second = machine(database, tmp_path / "a"), machine(database, tmp_path / "b")
    machine(database, tmp_path / "b")
    assert len(fits) == 1
    assert first.rank_many(QUESTIONS) == second.rank_many(QUESTIONS)


def test_a_damaged_model_is_fitted_anew(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(database, tmp_path / "a")
    with database.writing() as transaction:
        transaction.execute(text("UPDATE models SET data = :data"), {"data": b"nonsense"})
    fits = count_fits(monkeypatch)
    assert machine(database, tmp_path / "b").rank("what does it cost")[0].label == "price"
    assert len(fits) == 1


def test_a_database_that_is_down_costs_a_fit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = Database.open("postgresql://user:hidden@127.0.0.1:9/clinic")
    assert machine(database, tmp_path).rank("what does it cost")[0].label == "price"
    assert "cannot be had from the database" in caplog.text
    assert "hidden" not in caplog.text


def test_the_last_used_models_stay(database: Database) -> None:
    for number in range(NEWEST + 2):
        with database.writing() as transaction:
            keep(transaction, "matcher", f"key{number}", b"data", NOW + timedelta(minutes=number))
            keep(transaction, "other", "key", b"data", NOW)
            fetch(transaction, "matcher", "key0", NOW + timedelta(hours=1))
    with database.reading() as transaction:
        count = transaction.execute(select(func.count()).where(Model.kind == "matcher")).scalar()
        keys = transaction.execute(select(Model.key).where(Model.kind == "matcher").order_by(Model.key)).scalars()
        assert (count, "key0" in list(keys)) == (NEWEST, True)
        assert transaction.execute(select(func.count()).where(Model.kind == "other")).scalar() == 1


def test_machines_share_through_a_server_only(database: Database, tmp_path: Path) -> None:
    """A file of SQLite is on one machine, whose processes share the folder already."""
    near = ModelShelf(tmp_path)
    assert (shelf(near, database, lambda: NOW) is near) == database.is_sqlite
