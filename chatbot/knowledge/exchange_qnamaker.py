"""QnA Maker and Azure custom question answering: a TSV in which rows with the same QnaId are one entry."""

import json
from collections.abc import Iterator, Mapping, Sequence

from chatbot.errors import ExchangeError
from chatbot.knowledge.exchange_guard import text_of
from chatbot.knowledge.exchange_model import Entry, Export, Import, Note, merged_note
from chatbot.knowledge.model import Knowledge

HEADER = (
    *("Question", "Answer", "Source", "Metadata", "SuggestedQuestions"),
    *("IsContextOnly", "Prompts", "QnaId", "SourceDisplayName"),
)
_OURS = ("id", "topic", "kind")


def read_qnamaker(data: bytes, name: str) -> Import:
    """The entries of an exported TSV.

    Raises:
        ExchangeError: it is no such file.
    """
    lines = text_of(data, name).replace("\r\n", "\n").split("\n")
    heads = [head.strip().casefold() for head in lines[0].split("\t")]
    if not {"question", "answer"} <= set(heads):
        raise ExchangeError(f"{name}: the first row must have 'Question' and 'Answer', with tabs between the columns.")
    rows = [(number, _cells(heads, line)) for number, line in enumerate(lines[1:], 2) if line.strip()]
    notes: list[Note] = []
    grouped: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, cells in rows:
        if line_too_long := cells.pop("", ""):
            notes.append(Note(number, "left out", f"cells beyond the last column: {line_too_long[:60]}"))
        grouped.setdefault(cells.get("qnaid") or f"row {number}", []).append((number, cells))
    ids = {qna: _metadata(group[0][1]).get("id", "") for qna, group in grouped.items()}
    entries = []
    for group in grouped.values():
        entry, more = _entry(group, ids)
        entries.append(entry)
        notes += more
    return Import("qnamaker", tuple(entries), tuple(notes))


def write_qnamaker(knowledge: Knowledge) -> Export:
    """All intents: the question and each phrasing a row."""
    numbers = {intent.id: number for number, intent in enumerate(knowledge.intents(), 1)}
    lines = ["\t".join(HEADER)]
    for topic in knowledge.topics:
        for intent in topic.intents:
            prompts = [
                {"DisplayOrder": place, "DisplayText": knowledge.by_id[other].question, "QnaId": numbers[other]}
                for place, other in enumerate(intent.related)
            ]
            metadata = f"id:{intent.id}|topic:{topic.topic}|kind:{intent.kind}"
            written = json.dumps(prompts, ensure_ascii=False, separators=(",", ":"))
            answer = intent.answer.replace("\\", "\\\\").replace("\n", "\\n")
            rest = (answer, "Editorial", metadata, "[]", "False", written, str(numbers[intent.id]), "Editorial")
            lines += ["\t".join((question, *rest)) for question in (intent.question, *intent.phrasings)]
    lost = "sources and reviews of answers, for which the format has no place"
    return Export(("\n".join(lines) + "\n").encode(), (Note(0, "left out", lost),))


def _cells(heads: Sequence[str], line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split("\t")]
    return {**dict(zip(heads, parts)), "": "\t".join(parts[len(heads) :])}


def _metadata(cells: Mapping[str, str]) -> dict[str, str]:
    pairs = [pair.partition(":") for pair in cells.get("metadata", "").split("|") if ":" in pair]
    return {key.strip().casefold(): value.strip() for key, _, value in pairs}


def _entry(group: Sequence[tuple[int, dict[str, str]]], ids: Mapping[str, str]) -> tuple[Entry, list[Note]]:
    """One entry of the rows that share a QnaId: the first has the question, the others alternates."""
    (place, first), *others = group
    notes = merged_note(place, [number for number, _ in others], "which have the same QnaId")
    notes += [
        Note(number, "left out", f"its answer, since row {place} of the same QnaId has another")
        for number, cells in others
        if cells.get("answer", "") not in {"", first.get("answer", "")}
    ]
    metadata = _metadata(first)
    notes += list(_lost(place, first, metadata))
    related = _related(first, ids)
    entry = Entry(
        place=place,
        question=first.get("question", ""),
        answer=_unescaped(first.get("answer", "")),
        phrasings=tuple(cells.get("question", "") for _, cells in others),
        id=metadata.get("id", ""),
        topic=metadata.get("topic", ""),
        others={"kind": metadata.get("kind", ""), "related": "\n".join(related)},
    )
    return entry, notes


def _lost(place: int, cells: Mapping[str, str], metadata: Mapping[str, str]) -> Iterator[Note]:
    for key in metadata.keys() - set(_OURS):
        yield Note(place, "left out", f"the metadata '{key}:{metadata[key]}'")
    if cells.get("iscontextonly", "").casefold() == "true":
        yield Note(place, "mapped", "it was only for follow-ups; here it is a question like others")
    if cells.get("suggestedquestions", "[]") not in {"", "[]"}:
        yield Note(place, "left out", "suggested questions that nobody accepted")
    if cells.get("source", "Editorial") not in {"", "Editorial"}:
        yield Note(place, "left out", f"its source '{cells['source']}': name the article in the editor")


def _related(cells: Mapping[str, str], ids: Mapping[str, str]) -> list[str]:
    try:
        prompts = json.loads(cells.get("prompts") or "[]")
        named = [ids.get(str(prompt["QnaId"]), "") for prompt in prompts]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
    return [name for name in named if name]


def _unescaped(text: str) -> str:
    r"""Line ends are written as \n in this format, and a backslash may be doubled."""
    return text.replace("\\\\", "\0").replace("\\r\\n", "\n").replace("\\n", "\n").replace("\0", "\\")
