"""Edits beside the intents: messages that are out of scope, and new topics."""

from collections.abc import Sequence

from chatbot.errors import EditError
from chatbot.knowledge.edit_base import checked, new_texts, usable
from chatbot.knowledge.files import read_knowledge
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.typed_text import one_line
from chatbot.knowledge.yaml_places import YamlLines
from chatbot.knowledge.yaml_write import scalar

OUT_OF_SCOPE = "out_of_scope.yaml"

#: The group of out-of-scope messages that staff add to.
STAFF_GROUP = "staff"


def add_out_of_scope(files: KnowledgeFiles, texts: Sequence[str], group: str = STAFF_GROUP) -> KnowledgeFiles:
    """Add messages that no intent answers, to a group that is made where there is none.

    Raises:
        EditError: nothing new is left, or an intent has one of them.
    """
    reading = read_knowledge(files)
    new = new_texts(texts, usable(reading).out_of_scope)
    if not new:
        raise EditError("This is out of scope already, or there is nothing in it.")
    if not usable(reading).out_of_scope:
        return checked(files.put(OUT_OF_SCOPE, "\n".join(["groups:", *_group(group, new, 2), ""])), reading)
    lines = YamlLines(files[OUT_OF_SCOPE])
    if lines.is_block("groups", group):
        items = [f"- {scalar(text)}" for text in new]
        lines.insert_items(("groups", group), lines.count("groups", group), items)
    else:
        _write_group(lines, group, [*lines.texts("groups", group), *new])
    return checked(files.put(OUT_OF_SCOPE, str(lines)), reading)


def remove_out_of_scope(files: KnowledgeFiles, text: str) -> KnowledgeFiles:
    """Remove a message from those that no intent answers.

    Raises:
        EditError: it is not there.
    """
    reading = read_knowledge(files)
    lines = YamlLines(files.get(OUT_OF_SCOPE, ""))
    group = next((name for name in lines.fields("groups") if text in lines.texts("groups", name)), None)
    if group is None:
        raise EditError(f"'{text}' is not among the messages that are out of scope.")
    texts = lines.texts("groups", group)
    if texts == [text] == list(usable(reading).out_of_scope):
        return checked(files.without(OUT_OF_SCOPE), reading)
    if texts == [text]:
        lines.remove_field(("groups",), group)
    elif lines.is_block("groups", group):
        lines.remove_item(("groups", group), texts.index(text))
    else:
        _write_group(lines, group, [other for other in texts if other != text])
    return checked(files.put(OUT_OF_SCOPE, str(lines)), reading)


def _write_group(lines: YamlLines, group: str, texts: Sequence[str]) -> None:
    lines.set_field(("groups",), group, _group(group, texts), [*lines.fields("groups"), group])


def _group(group: str, texts: Sequence[str], indent: int = 0) -> list[str]:
    return [" " * indent + line for line in (f"{group}:", *(f"  - {scalar(text)}" for text in texts))]


def add_topic(files: KnowledgeFiles, topic: str, name: str) -> KnowledgeFiles:
    """Give a new topic its name for patients in lexicon.yaml, so that intents can be added to it."""
    lines = YamlLines(files["lexicon.yaml"])
    order = [*lines.fields("topics"), topic]
    value = scalar(one_line(name), inside_brackets=True)
    lines.set_field(("topics",), topic, [f"{topic}: {{name: {value}}}"], order)
    return checked(files.put("lexicon.yaml", str(lines)), read_knowledge(files))
