"""Rasa's training data: `nlu.yml` with the intents' examples, and the responses of `domain.yml`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chatbot.errors import ExchangeError
from chatbot.knowledge.exchange_guard import text_of
from chatbot.knowledge.exchange_model import Entry, Export, Import, Note
from chatbot.knowledge.lines import ValuePath, nearest_line
from chatbot.knowledge.model import Intent, Knowledge
from chatbot.knowledge.yaml_text import Document, Value, read_yaml
from chatbot.knowledge.yaml_write import scalar

_ENTITY = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\)|\{[^{}]*\})")
_TEXTS = ("question", "topic", "kind")


def read_rasa(texts: Mapping[str, bytes]) -> Import:
    """The entries of one or more files of training data and domain, read together.

    Raises:
        ExchangeError: one is no such file.
    """
    entries: list[Entry] = []
    notes: list[Note] = []
    answers: dict[str, str] = {}
    for name, data in texts.items():
        document = _document(name, data)
        found = document.value if isinstance(document.value, dict) else {}
        notes += _unread(found, document)
        for intent, answer, more in _responses(found, document):
            answers[intent] = answer
            notes += more
        for entry, more in _intents(found, document):
            entries.append(entry)
            notes += more
    if not entries:
        raise ExchangeError(f"{', '.join(texts)}: there is no 'nlu:' with intents in it. Give nlu.yml, and domain.yml.")
    answered = [_answered(entry, answers.pop(entry.id, "")) for entry in entries]
    notes += [Note(0, "left out", f"the response to '{name}', for which there are no examples") for name in answers]
    return Import("rasa", tuple(answered), tuple(notes))


def write_rasa(knowledge: Knowledge) -> Export:
    """All intents as retrieval intents of `faq` with their responses, in one file that Rasa reads as training data."""
    lines = ['version: "3.1"', "nlu:"]
    for topic in knowledge.topics:
        for intent in topic.intents:
            lines += _written(intent, topic.topic)
    lines.append("responses:")
    for intent in knowledge.intents():
        lines += [f"  utter_faq/{intent.id}:", "    - text: |"]
        lines += [f"        {line}" if line else "" for line in intent.answer.split("\n")]
    lost = "sources, related questions and reviews, which Rasa has no place for"
    return Export(("\n".join(lines) + "\n").encode(), (Note(0, "left out", lost),))


def _written(intent: Intent, topic: str) -> Iterator[str]:
    yield f"- intent: faq/{intent.id}"
    yield "  metadata:"
    for name, text in zip(_TEXTS, (intent.question, topic, intent.kind)):
        yield f"    {name}: {scalar(text)}"
    yield "  examples: |"
    for phrasing in intent.phrasings:
        yield f"    - {phrasing}"


def _document(name: str, data: bytes) -> Document:
    document = read_yaml(text_of(data, name).encode())
    for finding in document.findings:
        raise ExchangeError(f"{name}, line {finding.line}: {finding.message}")
    if not isinstance(document.value, dict) or not {"nlu", "responses"} & document.value.keys():
        raise ExchangeError(f"{name} is no file of Rasa: it has neither 'nlu:' nor 'responses:'.")
    return document


def _unread(found: Mapping[str, Value], document: Document) -> Iterator[Note]:
    for key in found.keys() - {"version", "nlu", "responses"}:
        yield Note(document.lines[key,], "left out", f"'{key}': the chatbot has nothing like it")


def _responses(found: Mapping[str, Value], document: Document) -> Iterator[tuple[str, str, list[Note]]]:
    """Name of the intent → its answer: the first text of the response, since replies are never drawn by lot."""
    responses = found.get("responses")
    for key, variants in responses.items() if isinstance(responses, dict) else ():
        place = document.lines["responses", key]
        texts = [v["text"] for v in variants or () if isinstance(v, dict) and isinstance(v.get("text"), str)]
        notes = [Note(place, "left out", f"of '{key}' all texts but the first")] if len(texts) > 1 else []
        extra = sorted({name for v in variants or () if isinstance(v, dict) for name in v} - {"text"})
        if extra:
            notes.append(Note(place, "left out", f"of '{key}': {', '.join(extra)}"))
        if texts:
            yield _plain(key.removeprefix("utter_")), str(texts[0]).strip(), notes
        else:
            yield _plain(key.removeprefix("utter_")), "", [*notes, Note(place, "left out", f"'{key}': it has no text")]


def _intents(found: Mapping[str, Value], document: Document) -> Iterator[tuple[Entry, list[Note]]]:
    nlu = found.get("nlu")
    for number, item in enumerate(nlu if isinstance(nlu, list) else ()):
        path: ValuePath = ("nlu", number)
        place = nearest_line(document.lines, path)
        if not isinstance(item, dict) or not isinstance(item.get("intent"), str):
            kinds = ", ".join(item) if isinstance(item, dict) else "an item"
            yield from _skip(Note(place, "left out", f"{kinds}: only intents with examples are read"))
            continue
        start = nearest_line(document.lines, (*path, "examples"))
        examples, notes = _examples(item.get("examples"), start)
        metadata = item.get("metadata")
        said: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
        notes += [Note(place, "left out", f"metadata '{key}'") for key in said if key not in _TEXTS]
        kind = {"kind": str(said["kind"])} if said.get("kind") else {}
        question = str(said.get("question") or (examples[0] if examples else ""))
        yield (
            Entry(
                place, question, "", tuple(examples), _plain(str(item["intent"])), str(said.get("topic") or ""), kind
            ),
            notes,
        )


def _skip(note: Note) -> Iterator[tuple[Entry, list[Note]]]:
    yield Entry(note.place, "", ""), [note]


def _examples(value: Value, start: int) -> tuple[list[str], list[Note]]:
    """The examples of an intent, from a text with dashes or a list, without the marks of entities."""
    texts = (
        [str(v.get("text", "")) if isinstance(v, dict) else str(v) for v in value] if isinstance(value, list) else []
    )
    lines: Sequence[str] = texts or str(value or "").split("\n")
    found: list[str] = []
    notes: list[Note] = []
    for number, line in enumerate(lines, start + (0 if texts else 1)):
        text = line.strip().removeprefix("- ").strip()
        plain = _ENTITY.sub(r"\1", text)
        if plain != text:
            notes.append(Note(number, "cleaned", f"the marks of entities in '{text}'"))
        if plain:
            found.append(plain)
    return found, notes


def _plain(name: str) -> str:
    """The name of an intent without that of its retrieval group."""
    return name.rpartition("/")[2].strip()


def _answered(entry: Entry, answer: str) -> Entry:
    return Entry(entry.place, entry.question, answer, entry.phrasings, entry.id, entry.topic, entry.others)
