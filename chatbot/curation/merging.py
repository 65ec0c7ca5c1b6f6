"""Bringing a draft on top of a revision that somebody else published in the meantime, so that nobody's work is lost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chatbot.errors import EditError
from chatbot.knowledge.edit import add_intents, replace_intents, retire_intent
from chatbot.knowledge.edit_scope import add_out_of_scope, add_topic, remove_out_of_scope
from chatbot.knowledge.files import read_knowledge
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.model import Intent, Knowledge

_FIELDS = tuple(name for name in Intent.model_fields if name not in {"id", "phrasings"})


@dataclass(frozen=True)
class Merged:
    """Both works together, and what both touched: there the draft's version was kept, for its author to look at."""

    files: KnowledgeFiles
    clashes: tuple[str, ...]


def merge(base: KnowledgeFiles, theirs: KnowledgeFiles, mine: KnowledgeFiles) -> Merged:
    """What was published (`theirs`) with the draft's edits (`mine`) on top; both began from `base`.

    Raises:
        EditError: one of the three cannot be used as knowledge.
    """
    before, after, draft = (_knowledge(files) for files in (base, theirs, mine))
    clashes: list[str] = []
    files = theirs
    for edit in (*_topics(before, draft), *_intents(before, after, draft, clashes), *_outside(before, after, draft)):
        try:
            files = edit(files)
        except EditError as error:
            clashes.append(str(error))
    return Merged(files, tuple(clashes))


Edit = Callable[[KnowledgeFiles], KnowledgeFiles]


def _topics(before: Knowledge, draft: Knowledge) -> Iterator[Edit]:
    """The draft's new topics."""
    for name, topic in draft.lexicon.topics.items():
        if name not in before.lexicon.topics:
            yield lambda files, name=name, topic=topic: add_topic(files, name, topic.name)  # type: ignore[misc]


def _intents(before: Knowledge, after: Knowledge, draft: Knowledge, clashes: list[str]) -> Iterator[Edit]:
    """The draft's new, changed and retired intents, as they stand beside what was published."""
    for intent in draft.intents():
        old, published = before.by_id.get(intent.id), after.by_id.get(intent.id)
        if intent in (old, published):
            continue
        if published is None:
            if old is not None:
                clashes.append(f"“{intent.question}” was retired by somebody else; your version is in the draft again.")
            yield _add(draft.topic_of[intent.id], intent)
        else:
            merged = _one(old or published, published, intent, clashes)
            yield lambda files, merged=merged: replace_intents(files, [merged])  # type: ignore[misc]
    for intent in before.intents():
        if intent.id not in draft.by_id and intent.id in after.by_id:
            if after.by_id[intent.id] != intent:
                clashes.append(f"You retired “{intent.question}”, which somebody else changed; it is retired.")
            yield lambda files, name=intent.id: retire_intent(files, name)  # type: ignore[misc]


def _add(topic: str, intent: Intent) -> Edit:
    return lambda files: add_intents(files, topic, [intent])


def _one(old: Intent, published: Intent, mine: Intent, clashes: list[str]) -> Intent:
    """One intent with both works in it: phrasings of both; of a field that both changed, the draft's."""
    values: dict[str, Any] = {}
    for name in _FIELDS:
        was, theirs, ours = (getattr(each, name) for each in (old, published, mine))
        if ours == was:
            continue
        values[name] = ours
        if theirs not in (was, ours):
            clashes.append(
                f"“{mine.question}”: both of you changed the {name}. The draft has yours; published is: {theirs}"
            )
    gone = set(old.phrasings) - set(mine.phrasings)
    kept = [text for text in published.phrasings if text not in gone]
    new = [text for text in mine.phrasings if text not in {*old.phrasings, *published.phrasings}]
    return published.model_copy(update={**values, "phrasings": (*kept, *new)})


def _outside(before: Knowledge, after: Knowledge, draft: Knowledge) -> Iterator[Edit]:
    """The draft's changes to the messages that no intent answers."""
    known = set(after.out_of_scope)
    new = [text for text in draft.out_of_scope if text not in known and text not in set(before.out_of_scope)]
    if new:
        yield lambda files: add_out_of_scope(files, new)
    for text in before.out_of_scope:
        if text in known and text not in set(draft.out_of_scope):
            yield lambda files, text=text: remove_out_of_scope(files, text)  # type: ignore[misc]


def _knowledge(files: KnowledgeFiles) -> Knowledge:
    reading = read_knowledge(files)
    if reading.knowledge is None:
        raise EditError("\n".join(map(str, reading.errors)))
    return reading.knowledge
