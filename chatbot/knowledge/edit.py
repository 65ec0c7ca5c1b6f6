"""What staff change: each edit takes the files and returns new ones, in which only the lines that it must differ.

Every result was read and has no error; an edit that would bring one in is refused, in words. Comments, order and
layout stay, so that a difference in git shows what staff changed and nothing else.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import count
from typing import Any

from chatbot.errors import EditError
from chatbot.knowledge.edit_base import checked, file_of, fit, home, new_texts, usable, with_fields
from chatbot.knowledge.files import Reading, read_knowledge
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.lines import ValuePath
from chatbot.knowledge.model import Intent, Knowledge
from chatbot.knowledge.yaml_places import YamlLines
from chatbot.knowledge.yaml_write import FIELDS, brackets, field_lines, intent_lines, scalar


def find_intent(files: KnowledgeFiles, intent_id: str) -> Intent:
    """The intent as it is now.

    Raises:
        EditError: there is none with this id.
    """
    return home(read_knowledge(files), intent_id).intent


def add_phrasings(files: KnowledgeFiles, intent_id: str, texts: Sequence[str]) -> KnowledgeFiles:
    """Add what patients type for an intent; texts that it already has are left out.

    Raises:
        EditError: nothing new is left, or another intent has one of them.
    """
    intent = find_intent(files, intent_id)
    new = new_texts(texts, intent.phrasings)
    if not new:
        raise EditError(f"{intent_id} already has this phrasing, or there is nothing in it.")
    return replace_intents(files, [with_fields(intent, phrasings=(*intent.phrasings, *new))])


def remove_phrasing(files: KnowledgeFiles, intent_id: str, text: str) -> KnowledgeFiles:
    """Remove a phrasing, given as it stands in the file.

    Raises:
        EditError: the intent does not have it, or no other.
    """
    intent = find_intent(files, intent_id)
    kept = tuple(phrasing for phrasing in intent.phrasings if phrasing != text)
    if len(kept) == len(intent.phrasings):
        raise EditError(f"{intent_id} has no phrasing '{text}'.")
    return replace_intents(files, [with_fields(intent, phrasings=kept)])


def replace_phrasing(files: KnowledgeFiles, intent_id: str, old: str, new: str) -> KnowledgeFiles:
    """Write another text in the place of a phrasing.

    Raises:
        EditError: the intent does not have the old one, or the new one is another intent's.
    """
    intent = find_intent(files, intent_id)
    if old not in intent.phrasings:
        raise EditError(f"{intent_id} has no phrasing '{old}'.")
    return replace_intents(
        files, [with_fields(intent, phrasings=tuple(new if p == old else p for p in intent.phrasings))]
    )


def update_intent(files: KnowledgeFiles, intent_id: str, **fields: Any) -> KnowledgeFiles:
    """Change fields of an intent by their names in the file, such as question, answer, source, related or reviewed.

    Values may be those of the model or as they stand in YAML. An answer is cleaned to the Markdown subset; where it or
    its source changes, an earlier review no longer counts.

    Raises:
        EditError: a value cannot be used, or the knowledge would have an error.
    """
    return replace_intents(files, [with_fields(find_intent(files, intent_id), **fields)])


def replace_intents(files: KnowledgeFiles, intents: Iterable[Intent]) -> KnowledgeFiles:
    """Bring the intents that are there under these ids into this form.

    Raises:
        EditError: an id is unknown, or the knowledge would have an error.
    """
    reading = read_knowledge(files)
    edited = files
    for new in intents:
        where = home(reading, new.id)
        lines = YamlLines(edited[where.name])
        _rewrite(lines, ("intents", where.place), where.intent, fit(new, where.intent))
        edited = edited.put(where.name, str(lines))
    return checked(edited, reading)


def add_intents(files: KnowledgeFiles, topic: str, intents: Sequence[Intent]) -> KnowledgeFiles:
    """Add intents at the end of a topic's file, which is made where there is none yet (see also `add_topic`).

    Raises:
        EditError: an id or a phrasing is taken, or the knowledge would have another error.
    """
    reading = read_knowledge(files)
    written = [line for intent in intents for line in ("", *intent_lines(fit(intent)))][1:]
    name = file_of(reading, topic)
    if name is None:
        text = "\n".join([f"topic: {topic}", "intents:", *(f"  {line}" if line else "" for line in written), ""])
        return checked(files.put(_free_name(files, topic), text), reading)
    lines = YamlLines(files[name])
    if not lines.is_block("intents"):
        raise EditError(f"{name} has its intents in brackets. Write each on lines of its own first.")
    lines.insert_items(("intents",), lines.count("intents"), written, apart=True)
    return checked(files.put(name, str(lines)), reading)


def retire_intent(files: KnowledgeFiles, intent_id: str) -> KnowledgeFiles:
    """Remove an intent, and the mentions of it as related, as a question to start with, and as equal to others.

    Labelled questions about it stay in the evaluation set, where they count as unknown.

    Raises:
        EditError: a safety rule hands over to it, or it is the only question offered at the start.
    """
    reading = read_knowledge(files)
    where = home(reading, intent_id)
    rules = [name for name, rule in usable(reading).safety.rules.items() if rule.intent == intent_id]
    if rules:
        raise EditError(f"{intent_id} cannot be retired: the safety rule {rules[0]} hands over to it.")
    edited = _without_mentions(files, reading, intent_id)
    lines = YamlLines(edited[where.name])
    if lines.count("intents") > 1:
        lines.remove_item(("intents",), where.place, apart=True)
        return checked(edited.put(where.name, str(lines)), reading)
    return checked(edited.without(where.name), reading)


def _free_name(files: KnowledgeFiles, topic: str) -> str:
    """A name for a topic's new file: another topic's file may be called after it."""
    names = (f"{topic}{number or ''}.yaml" for number in count())
    return next(name for name in names if name not in files)


def _without_mentions(files: KnowledgeFiles, reading: Reading, intent_id: str) -> KnowledgeFiles:
    knowledge = usable(reading)
    for intent in knowledge.intents():
        if intent_id in intent.related:
            where = home(reading, intent.id)
            lines = YamlLines(files[where.name])
            related = tuple(other for other in intent.related if other != intent_id)
            _set_field(lines, ("intents", where.place), with_fields(intent, related=related), "related")
            files = files.put(where.name, str(lines))
    return _without_equal(_without_starter(files, knowledge, intent_id), knowledge, intent_id)


def _without_starter(files: KnowledgeFiles, knowledge: Knowledge, intent_id: str) -> KnowledgeFiles:
    starters = [starter for starter in knowledge.clinic.starters if starter != intent_id]
    if len(starters) == len(knowledge.clinic.starters):
        return files
    if not starters:
        raise EditError(f"{intent_id} is the only question offered at the start. Name another in clinic.yaml first.")
    lines = YamlLines(files["clinic.yaml"])
    lines.set_field((), "starters", [f"starters: {brackets(starters)}"], lines.fields())
    return files.put("clinic.yaml", str(lines))


def _without_equal(files: KnowledgeFiles, knowledge: Knowledge, intent_id: str) -> KnowledgeFiles:
    lines = YamlLines(files["lexicon.yaml"])
    for place, group in reversed(list(enumerate(knowledge.lexicon.equal))):
        if intent_id not in group:
            continue
        rest = [other for other in group if other != intent_id]
        if len(rest) > 1:
            lines.replace_item(("equal",), place, [f"- {brackets(rest)}"])
        elif lines.count("equal") > 1:
            lines.remove_item(("equal",), place)
        else:
            lines.remove_field((), "equal")
    return files.put("lexicon.yaml", str(lines))


def _rewrite(lines: YamlLines, path: ValuePath, old: Intent, new: Intent) -> None:
    """Change the fields in which the two differ; an intent written in brackets is written anew."""
    if not lines.is_block(*path):
        raise EditError(f"{old.id} is written in brackets. Write each of its fields on a line of its own first.")
    for field in FIELDS:
        if getattr(old, field) == getattr(new, field):
            continue
        if field == "phrasings" and lines.is_block(*path, field):
            _rewrite_items(lines, (*path, field), old.phrasings, new.phrasings)
        else:
            _set_field(lines, path, new, field)


def _set_field(lines: YamlLines, path: ValuePath, intent: Intent, field: str) -> None:
    if written := field_lines(intent, field):
        lines.set_field(path, field, written, FIELDS)
    else:
        lines.remove_field(path, field)


def _rewrite_items(lines: YamlLines, path: ValuePath, old: Sequence[str], new: Sequence[str]) -> None:
    """Change the items in which two lists differ, from the end, so that places before stay what they are."""
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, start, end, first, last in reversed(steps):
        if kind == "equal":
            continue
        written = [f"- {scalar(text)}" for text in new[first:last]]
        if written:
            lines.insert_items(path, end, written)
        for place in reversed(range(start, end)):
            lines.remove_item(path, place)
