"""Revisions: what is published stays, two cannot publish over each other, and a crash leaves no mix."""

import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from chatbot.errors import EditConflictError, StorageError
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.storage import revisions
from chatbot.storage.baseline import Deployed, export, publish_baseline, waits_for_export
from chatbot.storage.database import Database
from chatbot.storage.revisions import Revision

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
CRASH = "tests.storage.crash"
#: Line ends, a byte order mark, comments and characters of all kinds must survive.
FIRST = KnowledgeFiles(
    {"clinic.yaml": "\ufeffname: Ålborg  # a comment\r\nphone: '1'\n\n", "evaluation/q.jsonl": "{}\n"}
)
SECOND = FIRST.put("prp.yaml", "topic: prp\n")


def publish(database: Database, files: KnowledgeFiles, parent: int, comment: str = "why") -> Revision:
    with database.writing() as transaction:
        return revisions.publish(transaction, files, parent, "ann@example.org", comment, NOW + timedelta(hours=parent))


def deploy(database: Database, files: KnowledgeFiles) -> Deployed:
    with database.writing() as transaction:
        return publish_baseline(transaction, files, "deployment", NOW)


def files_of(database: Database, number: int) -> KnowledgeFiles:
    with database.reading() as transaction:
        return revisions.files(transaction, number)


def newest_number(database: Database) -> int:
    with database.reading() as transaction:
        return revisions.newest_number(transaction)


def test_a_new_database_has_no_revision(database: Database) -> None:
    with database.reading() as transaction:
        assert (revisions.newest(transaction), revisions.newest_number(transaction)) == (None, 0)


def test_what_was_published_comes_back_byte_for_byte(database: Database) -> None:
    made = publish(database, FIRST, 0)
    assert (made.number, made.parent, made.hash) == (1, 0, FIRST.content_hash)
    assert dict(files_of(database, 1)) == dict(FIRST)
    with database.reading() as transaction:
        assert revisions.newest(transaction) == made == revisions.get(transaction, 1)


def test_equal_texts_are_kept_once(database: Database) -> None:
    publish(database, FIRST, 0)
    publish(database, SECOND, 1)
    with database.reading() as transaction:
        assert transaction.execute(text("SELECT count(*) FROM revision_texts")).scalar() == 3
    assert files_of(database, 1) == FIRST
    assert files_of(database, 2) == SECOND


def test_publishing_on_an_old_revision_is_a_conflict(database: Database) -> None:
    publish(database, FIRST, 0)
    publish(database, SECOND, 1)
    with pytest.raises(EditConflictError, match="revision 2") as caught:
        publish(database, FIRST, 1)
    assert (caught.value.parent, caught.value.newest) == (1, 2)
    assert newest_number(database) == 2


def test_of_many_who_publish_at_once_one_wins(database: Database) -> None:
    """Each has its own connection and the same parent; the others are told, and nothing of theirs is kept."""
    publish(database, FIRST, 0)
    barrier = threading.Barrier(8)
    won: list[int] = []
    told: list[int] = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            publish(database, FIRST.put("prp.yaml", f"topic: n{number}\n"), 1)
            won.append(number)
        except EditConflictError as error:
            told.append(error.newest)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), told) == (1, [2] * 7)
    assert files_of(database, 2)["prp.yaml"] == f"topic: n{won[0]}\n"
    with database.reading() as transaction:
        assert transaction.execute(text("SELECT count(*) FROM revision_texts")).scalar() == 3


def test_a_kill_at_any_point_of_publishing_leaves_the_old_revision(database: Database) -> None:
    """Before each statement, and between the last one and the commit; then the same publication succeeds."""
    publish(database, FIRST, 0)
    url = database.engine.url.render_as_string(hide_password=False)
    for statements in (0, 1, 2, 3, 4, 5, 99):
        done = subprocess.run([sys.executable, "-m", CRASH, url, str(statements)], cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
        assert newest_number(database) == 1
        assert files_of(database, 1) == FIRST
        with database.reading() as transaction:
            assert transaction.execute(text("SELECT count(*) FROM revision_texts")).scalar() == 2
    assert publish(database, SECOND, 1).number == 2


@pytest.mark.parametrize("table", ["revisions", "revision_files", "revision_texts"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {}", "TRUNCATE {} CASCADE"])
def test_nobody_changes_what_was_published(database: Database, table: str, statement: str) -> None:
    publish(database, FIRST, 0)
    column = {"revisions": "comment = 'x'", "revision_files": "name = 'x'", "revision_texts": "digest = 'x'"}[table]
    with pytest.raises(StorageError), database.writing() as transaction:
        transaction.execute(text(statement.format(table, column)))
    assert files_of(database, 1) == FIRST


def test_texts_that_were_changed_anyway_are_noticed(database: Database) -> None:
    """By someone who has taken the triggers away: patients must not get what nobody published."""
    publish(database, FIRST, 0)
    with database.writing() as transaction:
        for trigger in ("_update", "") if database.is_sqlite else ("",):
            on = "" if database.is_sqlite else " ON revision_files"
            transaction.execute(text(f"DROP TRIGGER IF EXISTS revision_files_stay{trigger}{on}"))
        transaction.execute(text("UPDATE revision_files SET name = 'other.yaml' WHERE name = 'clinic.yaml'"))
    with pytest.raises(StorageError, match="changed in the database"):
        files_of(database, 1)


def test_rolling_back_makes_a_new_revision(database: Database) -> None:
    publish(database, FIRST, 0)
    publish(database, SECOND, 1)
    with database.writing() as transaction:
        made = revisions.roll_back(transaction, 1, "ann@example.org", "a wrong price", NOW)
    assert (made.number, made.comment) == (3, "Back to revision 1: a wrong price")
    assert files_of(database, 3) == FIRST


def test_a_revision_that_is_not_there(database: Database) -> None:
    with pytest.raises(StorageError, match="no revision 7"):
        files_of(database, 7)


def test_history_is_newest_first_and_can_be_searched(database: Database) -> None:
    publish(database, FIRST, 0, "Opening hours")
    publish(database, SECOND, 1, "100% of PRP")
    publish(database, FIRST, 2, "No PRP")
    with database.reading() as transaction:

        def numbers(**options: object) -> list[int]:
            return [each.number for each in revisions.history(transaction, **options)]  # type: ignore[arg-type]

        assert numbers() == [3, 2, 1]
        assert numbers(words="prp") == [3, 2]
        assert numbers(words="0%") == [2]
        assert numbers(author="bob@example.org") == []
        assert numbers(before=3, limit=1) == [2]


class TestDeployment:
    """The folder in git and what staff published."""

    def test_the_first_one_publishes_the_folder(self, database: Database) -> None:
        made = deploy(database, FIRST)
        assert (made.outcome, made.revision.number, made.revision.origin) == ("published", 1, "baseline")

    def test_the_same_folder_again_changes_nothing(self, database: Database) -> None:
        deploy(database, FIRST)
        assert deploy(database, FIRST).outcome == "same"
        assert newest_number(database) == 1

    def test_a_changed_folder_is_published(self, database: Database) -> None:
        deploy(database, FIRST)
        assert deploy(database, SECOND).revision.number == 2
        assert deploy(database, FIRST).revision.number == 3  # git went back, and staff did nothing

    def test_what_staff_published_is_never_undone(self, database: Database) -> None:
        deploy(database, FIRST)
        publish(database, SECOND, 1)
        for files in (FIRST, FIRST.put("mri.yaml", "topic: mri\n")):
            assert deploy(database, files).outcome == "held back"
        assert files_of(database, newest_number(database)) == SECOND

    def test_after_an_export_the_folder_counts_again(self, database: Database, tmp_path: Path) -> None:
        deploy(database, FIRST)
        publish(database, SECOND, 1)
        with database.writing() as transaction:
            assert waits_for_export(transaction)
            revision, changed = export(transaction, tmp_path / "intents", NOW, by="x")
            assert not waits_for_export(transaction)
        assert (revision.number, set(changed)) == (2, set(SECOND))
        exported = KnowledgeFiles.of_folder(tmp_path / "intents")
        assert exported == SECOND
        assert deploy(database, exported).outcome == "same"
        assert deploy(database, exported.put("mri.yaml", "topic: mri\n")).outcome == "published"

    def test_a_folder_that_has_not_caught_up_is_held_back(self, database: Database, tmp_path: Path) -> None:
        """The export was made but not committed, and the old folder is deployed once more."""
        deploy(database, FIRST)
        publish(database, SECOND, 1)
        with database.writing() as transaction:
            export(transaction, tmp_path / "intents", NOW, by="x")
        assert deploy(database, FIRST).outcome == "held back"

    def test_an_export_touches_only_what_changed(self, database: Database, tmp_path: Path) -> None:
        folder = tmp_path / "intents"
        FIRST.write_to(folder)
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
        before = (folder / "clinic.yaml").stat().st_mtime_ns
        publish(database, SECOND.without("evaluation/q.jsonl"), 0)
        with database.writing() as transaction:
            _, changed = export(transaction, folder, NOW, by="x")
        assert set(changed) == {"prp.yaml", "evaluation/q.jsonl"}
        assert (folder / "clinic.yaml").stat().st_mtime_ns == before
        assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"

    def test_nothing_to_export(self, database: Database, tmp_path: Path) -> None:
        with pytest.raises(StorageError, match="nothing to export"), database.writing() as transaction:
            export(transaction, tmp_path, NOW, by="x")
