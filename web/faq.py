"""The page of questions and answers: every curated answer by topic, and what a search on it finds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chatbot.dialogue.reply import Block as ReplyBlock
from chatbot.dialogue.reply import BulletList, Paragraph, SafetyLine, Span, answer
from chatbot.knowledge.model import Intent, Knowledge
from chatbot.language.text import normalise


@dataclass(frozen=True)
class Entry:
    """A question with its answer; its id is its anchor on the page."""

    id: str
    question: str
    blocks: tuple[ReplyBlock, ...]


@dataclass(frozen=True)
class Section:
    """The questions of a topic."""

    id: str
    name: str
    entries: tuple[Entry, ...]


def sections(knowledge: Knowledge) -> tuple[Section, ...]:
    """The topics with their questions, in the order of the files; small talk is no question."""
    return tuple(
        Section(f"topic-{topic.topic}", _name(topic.topic, knowledge), entries)
        for topic in knowledge.topics
        if (entries := tuple(_entry(intent, knowledge) for intent in _asked(topic.intents)))
    )


def containing(knowledge: Knowledge, text: str) -> tuple[Intent, ...]:
    """The questions whose wording, phrasings or answer have every word of the text."""
    wanted = normalise(text).split()
    if not wanted:
        return ()
    return tuple(intent for intent in _asked(knowledge.intents()) if set(wanted) <= _words(intent))


def linked_data(knowledge: Knowledge, address: str) -> dict[str, Any]:
    """The answers for search engines (schema.org/FAQPage); a question that the team must answer is not among them."""
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "url": address,
        "mainEntity": [
            {
                "@type": "Question",
                "name": intent.question,
                "url": f"{address}#{intent.id}",
                "acceptedAnswer": {"@type": "Answer", "text": _plain(answer(intent, knowledge))},
            }
            for intent in knowledge.intents()
            if intent.kind == "answer"
        ],
    }


def reviewed(knowledge: Knowledge) -> tuple[int, int]:
    """How many of the answers a clinician has signed, and of how many."""
    asked = list(_asked(knowledge.intents()))
    return sum(intent.reviewed != "pending" for intent in asked), len(asked)


def _asked(intents: Iterable[Intent]) -> Iterator[Intent]:
    return (intent for intent in intents if intent.kind != "smalltalk")


def _name(topic: str, knowledge: Knowledge) -> str:
    known = knowledge.lexicon.topics.get(topic)
    name = known.name if known else topic.replace("_", " ")
    return name[:1].upper() + name[1:]


def _entry(intent: Intent, knowledge: Knowledge) -> Entry:
    blocks = answer(intent, knowledge)
    if intent.safety_line:
        blocks = (*blocks, SafetyLine(knowledge.safety.fill(knowledge.safety.lines.answer)))
    return Entry(intent.id, intent.question, blocks)


def _words(intent: Intent) -> set[str]:
    return {word for text in (intent.question, intent.answer, *intent.phrasings) for word in normalise(text).split()}


def _plain(blocks: Iterable[ReplyBlock]) -> str:
    """The text alone, which is what the answer says whoever shows it."""
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            parts.append(_text(block.spans))
        elif isinstance(block, BulletList):
            parts.extend(f"• {_text(item)}" for item in block.items)
    return "\n".join(parts)


def _text(spans: Iterable[Span]) -> str:
    return "".join(span.text for span in spans)
