"""The command that looks after accounts, as whoever runs the server types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatbot.__main__ import main
from chatbot.storage.database import Database
from chatbot.storage.login import log_in
from web.staff.desk import now

_EMAIL = "anna@clinic.example"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    url = f"sqlite:///{tmp_path / 'chatbot.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    database = Database.open(url)
    database.migrate()
    database.close()
    return database


def _run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["staff", *words], input=typed)


def test_a_password_is_asked_for_and_opens_the_area(database: Database) -> None:
    added = _run("add", _EMAIL, typed="correct horse battery\n")
    assert added.exit_code == 0
    assert "publisher" in added.output
    assert "correct horse" not in added.output
    person = log_in(database, _EMAIL, "correct horse battery", "here", now())
    database.close()
    assert getattr(person, "email", None) == _EMAIL


def test_a_generated_password_is_printed_once(database: Database) -> None:
    added = _run("add", _EMAIL, "--role", "curator", "--generate")
    password = added.output.rsplit(" ", 1)[1].strip()
    assert getattr(log_in(database, _EMAIL, password, "here", now()), "role", None) == "curator"
    database.close()


def test_what_cannot_be_is_said_in_one_line(database: Database) -> None:
    assert _run("add", "no address", "--generate").exit_code == 2
    assert _run("add", _EMAIL, typed="short\n").exit_code == 2
    assert _run("reset", _EMAIL).exit_code == 2
    assert "the staff pages are off" in _run("list").output


def test_people_are_listed_reset_and_removed(database: Database) -> None:
    _run("add", _EMAIL, "--generate")
    _run("add", "cora@clinic.example", "--generate")
    link = _run("reset", _EMAIL, "--address", "https://chat.example/").output
    assert link.startswith("https://chat.example/staff/reset/")
    assert _run("remove", _EMAIL).exit_code == 0
    assert f"{_EMAIL}  publisher  (kept out)" in _run("list").output
    assert _run("remove", "cora@clinic.example").exit_code == 2  # nobody would be left who may publish
