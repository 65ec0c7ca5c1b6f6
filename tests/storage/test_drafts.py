"""Drafts: they are laid over a revision, and two windows do not overwrite each other."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.errors import DraftConflictError
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.storage import drafts, revisions
from chatbot.storage.database import Database
from chatbot.storage.drafts import Draft

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BASE = KnowledgeFiles({"clinic.yaml": "a: 1\r\n", "prp.yaml": "b: 2\n"})
FILES = st.dictionaries(st.sampled_from(["a.yaml", "b.yaml", "evaluation/c.jsonl"]), st.text(max_size=5)).map(
    KnowledgeFiles
)


@pytest.fixture
def draft(database: Database) -> Draft:
    """An empty draft on the first revision."""
    with database.writing() as transaction:
        revisions.publish(transaction, BASE, 0, "ann", "first", NOW)
        return drafts.create(transaction, "ann", 1, NOW)


def save(database: Database, draft: Draft, files: Mapping[str, str | None], parent: int | None = None) -> Draft:
    with database.writing() as transaction:
        return drafts.save(transaction, draft, files, NOW, parent)


def test_a_draft_is_laid_over_its_revision(database: Database, draft: Draft) -> None:
    saved = save(database, draft, {"prp.yaml": None, "new.yaml": "c: 3\n"})
    with database.reading() as transaction:
        assert drafts.get(transaction, draft.id) == saved
    assert dict(saved.on(BASE)) == {"clinic.yaml": "a: 1\r\n", "new.yaml": "c: 3\n"}


@given(FILES, FILES)
def test_a_draft_of_the_difference_makes_one_into_the_other(base: KnowledgeFiles, edited: KnowledgeFiles) -> None:
    assert Draft(1, "ann", 1, drafts.differing(base, edited), 1, NOW).on(base) == edited


def test_the_second_of_two_windows_is_told(database: Database, draft: Draft) -> None:
    saved = save(database, draft, {"prp.yaml": "first"})
    with pytest.raises(DraftConflictError, match="another window"):
        save(database, draft, {"prp.yaml": "second"})
    with pytest.raises(DraftConflictError), database.writing() as transaction:
        drafts.discard(transaction, draft)
    with database.reading() as transaction:
        assert drafts.get(transaction, draft.id) == saved


def test_a_draft_moves_to_another_revision(database: Database, draft: Draft) -> None:
    with database.writing() as transaction:
        revisions.publish(transaction, BASE.put("mri.yaml", "d: 4\n"), 1, "bob", "second", NOW)
    assert save(database, draft, {}, parent=2).parent == 2


def test_a_discarded_draft_is_gone(database: Database, draft: Draft) -> None:
    with database.writing() as transaction:
        other = drafts.create(transaction, "bob", 1, NOW)
        drafts.discard(transaction, draft)
        assert drafts.get(transaction, draft.id) is None
        assert drafts.drafts(transaction) == drafts.drafts(transaction, "bob") == (other,)
        assert drafts.drafts(transaction, "ann") == ()


def test_publishing_and_discarding_are_one(database: Database, draft: Draft) -> None:
    """What goes wrong in the middle leaves the draft and the revision as they were."""

    def publish_twice() -> None:
        with database.writing() as transaction:
            revisions.publish(transaction, draft.on(BASE), 1, "ann", "second", NOW)
            drafts.discard(transaction, draft)
            drafts.discard(transaction, draft)

    with pytest.raises(DraftConflictError):
        publish_twice()
    with database.reading() as transaction:
        assert revisions.newest_number(transaction) == 1
        assert drafts.get(transaction, draft.id) == draft
