"""QnABot on AWS: JSON with `qna: [{qid, q[], a, alt.markdown, …}]`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chatbot.errors import ExchangeError
from chatbot.knowledge.exchange_guard import text_of
from chatbot.knowledge.exchange_model import Entry, Export, Import, Note
from chatbot.knowledge.model import Knowledge

#: Ours, in a field of its own that QnABot keeps.
_TAGS = ("kind", "question")
_READ = {"qid", "q", "a", "alt", "t", "type", "clinic"}
_IDLE: tuple[Any, ...] = (None, "", [], {}, False)


def read_qnabot(data: bytes, name: str) -> Import:
    """The entries of an exported JSON file.

    Raises:
        ExchangeError: it is no such file.
    """
    try:
        found = json.loads(text_of(data, name))
    except (ValueError, RecursionError) as error:
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ExchangeError(f"{name}{line}: this is no valid JSON. Export the file anew.") from None
    items = found.get("qna") if isinstance(found, dict) else None
    if not isinstance(items, list):
        raise ExchangeError(f"{name}: there is no list 'qna' in it, as QnABot's exports have.")
    entries: list[Entry] = []
    notes: list[Note] = [Note(0, "left out", f"'{key}'") for key in found.keys() - {"qna"}]
    for place, item in enumerate(items, 1):
        if isinstance(item, dict):
            entries.append(_entry(place, item))
            notes += _lost(place, item)
        else:
            notes.append(Note(place, "left out", "it is no question with an answer"))
    return Import("qnabot", tuple(entries), tuple(notes))


def write_qnabot(knowledge: Knowledge) -> Export:
    """All intents; the answer as Markdown, and without its marks for voices."""
    items = [
        {
            "qid": intent.id,
            "type": "qna",
            "q": [intent.question, *intent.phrasings],
            "a": intent.answer.replace("**", ""),
            "alt": {"markdown": intent.answer},
            "t": topic.topic,
            "clinic": {"kind": intent.kind, "question": intent.question},
        }
        for topic in knowledge.topics
        for intent in topic.intents
    ]
    lost = "sources, related questions and reviews, for which the format has no place"
    data = json.dumps({"qna": items}, indent=2, ensure_ascii=False) + "\n"
    return Export(data.encode(), (Note(0, "left out", lost),))


def _entry(place: int, item: Mapping[str, Any]) -> Entry:
    questions = item.get("q")
    asked = [str(text) for text in questions if isinstance(text, str)] if isinstance(questions, list) else []
    alternatives, ours = item.get("alt"), item.get("clinic")
    markdown = alternatives.get("markdown") if isinstance(alternatives, dict) else ""
    said = {key: str(ours[key]) for key in _TAGS if key in ours} if isinstance(ours, dict) else {}
    question = said.get("question") or (asked[0] if asked else "")
    return Entry(
        place=place,
        question=question,
        answer=str(markdown or item.get("a") or ""),
        phrasings=tuple(text for number, text in enumerate(asked) if number or text != question),
        id=str(item.get("qid") or ""),
        topic=str(item.get("t") or ""),
        others={"kind": said["kind"]} if said.get("kind") else {},
    )


def _lost(place: int, item: Mapping[str, Any]) -> Iterator[Note]:
    if item.get("type", "qna") != "qna":
        yield Note(place, "mapped", f"an item of type '{item['type']}' is read as a question")
    for key in item.keys() - _READ:
        if item[key] not in _IDLE:
            yield Note(place, "left out", f"'{key}'")
    found = item.get("alt")
    alternatives = found if isinstance(found, dict) else {}
    for key in alternatives.keys() - {"markdown"}:
        if alternatives[key] not in _IDLE:
            yield Note(place, "left out", f"'alt.{key}'")
