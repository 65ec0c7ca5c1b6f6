"""The commands for the database and for what is published, as an engineer types them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatbot.__main__ import main
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.storage import audit, revisions, switches
from chatbot.storage.database import Database
from chatbot.storage.turns import Missed, TurnRecord, record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--intents", str(folder), *arguments])


def done(folder: Path, *arguments: str) -> str:
    """What a command that succeeds prints."""
    result = run(folder, *arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def empty_url(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database that the environment names."""
    monkeypatch.setenv("DATABASE_URL", url)
    return url


@pytest.fixture
def database(empty_url: str, folder: Path) -> Iterator[Database]:
    """The same with its tables, for looking inside and for what staff do in it."""
    done(folder, "migrate")
    opened = Database.open(empty_url)
    yield opened
    opened.close()


def staff_publish(database: Database, **changed: str) -> None:
    with database.writing() as transaction:
        number = revisions.newest_number(transaction)
        files = revisions.files(transaction, number)
        for name, text in changed.items():
            files = files.put(f"{name}.yaml", text)
        revisions.publish(transaction, files, number, "ann@example.org", "Wifi", NOW)


def live(database: Database) -> KnowledgeFiles:
    with database.reading() as transaction:
        return revisions.files(transaction, revisions.newest_number(transaction))


def add_comment(folder: Path, name: str = "clinic.yaml") -> str:
    """Change a file without changing what it means; its new text."""
    text = (folder / name).read_text(encoding="utf-8") + "# checked by hand\n"
    (folder / name).write_text(text, encoding="utf-8")
    return text


def test_migrate_says_what_it_did(empty_url: str, folder: Path) -> None:
    assert "Made the tables" in done(folder, "migrate")
    assert "up to date" in done(folder, "migrate")


@pytest.mark.parametrize("command", [["publish"], ["history"], ["diff"], ["export"], ["purge"], ["backup", "x"]])
def test_a_database_without_tables_is_said(empty_url: str, folder: Path, command: list[str]) -> None:
    result = run(folder, *command)
    assert result.exit_code == 2
    assert "python -m chatbot migrate" in result.output
    assert "Traceback" not in result.output


def test_a_database_that_is_down_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user:hidden@127.0.0.1:9/clinic")
    result = run(folder, "migrate")
    assert result.exit_code == 2
    assert "127.0.0.1:9" in result.output
    assert "hidden" not in result.output


def test_publish_history_diff_and_rollback(database: Database, folder: Path) -> None:
    assert done(folder, "publish") == "Published revision 1.\n"
    assert done(folder, "publish") == "Revision 1 is live and the same.\n"
    add_comment(folder)
    assert done(folder, "publish", "--comment", "A comment for Ünal") == "Published revision 2.\n"
    assert "A comment for Ünal" in done(folder, "history", "--limit", "1")
    assert "clinic.yaml · comments or layout (rewritten)" in done(folder, "diff")
    assert done(folder, "diff", "1", "2") == done(folder, "diff", "2")
    assert "Revision 3 is live" in done(folder, "rollback", "1", "--comment", "Not wanted")
    assert "are the same" in done(folder, "diff", "1", "3")
    with database.reading() as transaction:
        assert [each.act for each in audit.entries(transaction)] == ["rolled back", "deployed", "deployed"]
    assert live(database) == KnowledgeFiles(
        {n: t.replace("# checked by hand\n", "") for n, t in live(database).items()}
    )


def test_knowledge_that_no_server_can_load_is_not_published(database: Database, folder: Path) -> None:
    (folder / "clinic.yaml").write_text("name: [", encoding="utf-8")
    result = run(folder, "publish")
    assert (result.exit_code, "clinic.yaml:1" in result.output) == (2, True)
    assert "Nothing was published" in done(folder, "history")


def test_a_deployment_never_undoes_what_staff_published(database: Database, folder: Path) -> None:
    """It warns and succeeds; after an export, which touches one file only, everything is the same again."""
    done(folder, "publish")
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.yaml")}
    text = live(database)["clinic.yaml"] + "# by ann\n"
    staff_publish(database, clinic=text)
    warned = done(folder, "publish")
    assert warned.startswith("WARNING: not published. Revision 2, which ann@example.org published")
    assert live(database)["clinic.yaml"] == text
    assert done(folder, "export").splitlines()[0] == str(folder / "clinic.yaml")
    assert (folder / "clinic.yaml").read_bytes() == text.encode()
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.yaml")}
    assert {name for name in after if after[name] != before[name]} == {"clinic.yaml"}
    assert done(folder, "publish") == "Revision 2 is live and the same.\n"


def test_a_backup_restores_what_was_published(database: Database, folder: Path, tmp_path: Path) -> None:
    done(folder, "publish")
    before = live(database)
    done(folder, "backup", str(tmp_path / "b.gz"))
    add_comment(folder)
    done(folder, "publish")
    refused = run(folder, "restore", str(tmp_path / "b.gz"))
    assert (refused.exit_code, "--replace" in refused.output) == (2, True)
    done(folder, "restore", str(tmp_path / "b.gz"), "--replace")
    assert live(database) == before


def test_a_backup_that_is_not_there(database: Database, folder: Path, tmp_path: Path) -> None:
    result = run(folder, "restore", str(tmp_path / "none.gz"))
    assert (result.exit_code, "No such file" in result.output) == (2, True)


def test_purge_keeps_to_what_staff_set(database: Database, folder: Path) -> None:
    """The environment says 30 days, staff say 3, the command line has the last word."""
    for days in (1, 5, 40):
        when = datetime.now(UTC) - timedelta(days=days)
        record(database, [TurnRecord(when, "fallback", None, (), (Missed(f"day {days} of it", "unanswered"),))], True)
    assert "Deleted 1 questions" in done(folder, "purge")
    with database.writing() as transaction:
        switches.turn(transaction, "retention_days", 3, "ann@example.org", NOW)
    assert "Deleted 1 questions" in done(folder, "purge")
    assert "Deleted 1 questions" in done(folder, "purge", "--days", "0")
