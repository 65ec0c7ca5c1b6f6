"""Two people's work on one knowledge, brought together."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot.curation.merging import merge
from chatbot.knowledge.edit import add_phrasings, remove_phrasing, retire_intent, update_intent
from chatbot.knowledge.edit_scope import add_out_of_scope, add_topic
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.folder import KnowledgeFiles

Edit = Callable[[KnowledgeFiles], KnowledgeFiles]


@pytest.fixture(scope="module")
def base(small_knowledge: Path) -> KnowledgeFiles:
    return KnowledgeFiles.of_folder(small_knowledge)


_EDITS: dict[str, Edit] = {
    "phrasing": lambda files: add_phrasings(files, "booking", ["wheelchair lift"]),
    "answer": lambda files: update_intent(files, "prp_definition", answer="Another text."),
    "out of scope": lambda files: add_out_of_scope(files, ["how tall is the shard"]),
    "topic": lambda files: add_topic(files, "parking", "parking"),
    "removed phrasing": lambda files: remove_phrasing(files, "booking", "booking link"),
}


@pytest.mark.parametrize("theirs", _EDITS)
@pytest.mark.parametrize("mine", _EDITS)
def test_different_edits_come_together_and_equal_ones_once(base: KnowledgeFiles, theirs: str, mine: str) -> None:
    """Whoever publishes first, the result is what one person would have made by doing both."""
    merged = merge(base, _EDITS[theirs](base), _EDITS[mine](base))
    both = _EDITS[mine](base) if mine == theirs else _EDITS[mine](_EDITS[theirs](base))
    assert merged.clashes == ()
    assert load_knowledge(merged.files) == load_knowledge(both)


def test_where_both_changed_a_field_the_draft_keeps_its_own_and_says_so(base: KnowledgeFiles) -> None:
    theirs = update_intent(base, "prp_definition", answer="Their text.")
    mine = update_intent(base, "prp_definition", answer="My text.")
    merged = merge(base, theirs, mine)
    assert load_knowledge(merged.files).by_id["prp_definition"].answer.strip() == "My text."
    assert len(merged.clashes) == 1
    assert "Their text." in merged.clashes[0]


def test_what_one_retired_and_the_other_changed_is_told(base: KnowledgeFiles) -> None:
    changed, retired = _EDITS["answer"](base), retire_intent(base, "prp_definition")
    assert "retired by somebody else" in " ".join(merge(base, retired, changed).clashes)
    merged = merge(base, changed, retired)
    assert "prp_definition" not in load_knowledge(merged.files).by_id
    assert "it is retired" in " ".join(merged.clashes)


def test_an_edit_that_no_longer_fits_is_told_and_the_rest_is_kept(base: KnowledgeFiles) -> None:
    """Both gave one phrasing to different intents: the published one stands."""
    theirs = add_phrasings(base, "booking", ["wheelchair lift"])
    mine = _EDITS["out of scope"](add_phrasings(base, "price", ["wheelchair lift"]))
    merged = merge(base, theirs, mine)
    assert merged.clashes
    knowledge = load_knowledge(merged.files)
    assert "wheelchair lift" in knowledge.by_id["booking"].phrasings
    assert "how tall is the shard" in knowledge.out_of_scope
