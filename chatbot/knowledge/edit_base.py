"""What every edit needs: the place of an intent, values fit for the files, and the check of the result."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chatbot.errors import EditError
from chatbot.knowledge.answer_text import clean_answer
from chatbot.knowledge.crosscheck import same_words
from chatbot.knowledge.explain import validate
from chatbot.knowledge.files import Reading, read_knowledge
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.model import Intent, Knowledge, Review
from chatbot.knowledge.typed_text import one_line
from chatbot.knowledge.yaml_text import Document, Value

#: Longer phrasings and answers are slips of the mouse; patients' own messages are read up to 2,000 characters.
LONGEST_PHRASING = 500
LONGEST_ANSWER = 5_000


@dataclass(frozen=True)
class Home:
    """Where an intent stands: the file's name and the place among its intents."""

    intent: Intent
    name: str
    place: int


def usable(reading: Reading) -> Knowledge:
    """The knowledge of a reading.

    Raises:
        EditError: it cannot be used as it is, so that no edit can be judged.
    """
    if reading.knowledge is None or reading.errors:
        raise EditError("The knowledge has errors already. Mend these first:\n" + "\n".join(map(str, reading.errors)))
    return reading.knowledge


def home(reading: Reading, intent_id: str) -> Home:
    """Where an intent stands.

    Raises:
        EditError: there is none with this id.
    """
    knowledge = usable(reading)
    if intent_id not in knowledge.by_id:
        raise EditError(f"There is no intent '{intent_id}'. It may have been retired.")
    file, place = reading.lines.homes[intent_id]
    return Home(knowledge.by_id[intent_id], _name(reading, file), place)


def file_of(reading: Reading, topic: str) -> str | None:
    """The name of the file with a topic's intents, if there is one."""
    for each in usable(reading).topics:
        if each.topic == topic:
            return _name(reading, reading.lines.homes[each.intents[0].id][0])
    return None


def with_fields(intent: Intent, **fields: Any) -> Intent:
    """The intent with other values, which may be written as in YAML.

    Raises:
        EditError: a value cannot be used.
    """
    values: dict[str, Value] = {**intent.model_dump(), **fields}
    found = validate(Intent, Document(values))
    if isinstance(found, Intent):
        return found
    raise EditError("\n".join(f"{intent.id}: {finding.message}" for finding in found))


def fit(new: Intent, old: Intent | None = None) -> Intent:
    """The intent with its texts made fit for the files; a review of an answer that changed no longer counts.

    Raises:
        EditError: a text is empty or too long.
    """
    answer = new.answer if old and new.answer == old.answer else _answer(new)
    known = set(old.phrasings) if old else set()
    phrasings = tuple(text if text in known else _phrasing(new.id, text) for text in new.phrasings)
    fitted = with_fields(new, question=one_line(new.question), answer=answer, phrasings=phrasings)
    signed = isinstance(new.reviewed, Review) and old is not None and new.reviewed == old.reviewed
    if old and signed and (answer, new.source) != (old.answer, old.source):
        return with_fields(fitted, reviewed="pending")
    return fitted


def new_texts(texts: Iterable[str], known: Iterable[str]) -> list[str]:
    """The texts that say something and are not known, each once, on one line."""
    seen = {same_words(text) for text in known}
    fresh = {same_words(text): one_line(text) for text in reversed(list(texts))}
    return [text for words, text in reversed(fresh.items()) if words and words not in seen]


def checked(edited: KnowledgeFiles, before: Reading) -> KnowledgeFiles:
    """The edited files, if they hold no error.

    Raises:
        EditError: they do; every error is named.
    """
    usable(before)
    errors = read_knowledge(edited).errors
    if errors:
        raise EditError("\n".join(problem.message for problem in errors))
    return edited


def _answer(intent: Intent) -> str:
    text = clean_answer(intent.answer).text
    if not text:
        raise EditError(f"{intent.id}: the answer is empty once what cannot be shown is taken away.")
    if len(text) > LONGEST_ANSWER:
        raise EditError(f"{intent.id}: the answer has {len(text)} letters; at most {LONGEST_ANSWER} are allowed.")
    return text


def _phrasing(intent_id: str, text: str) -> str:
    line = one_line(text)
    if not same_words(line):
        raise EditError(f"{intent_id}: there is no word in the phrasing '{line}'.")
    if len(line) > LONGEST_PHRASING:
        raise EditError(f"{intent_id}: a phrasing has {len(line)} letters; at most {LONGEST_PHRASING} are allowed.")
    return line


def _name(reading: Reading, file: str) -> str:
    return file.removeprefix(f"{reading.lines.folder}/")
