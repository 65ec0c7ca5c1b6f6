"""Whether an answer reads with ease: its length, sentences and words (safety policy, "Cards and wording")."""

from collections.abc import Iterator

from chatbot.curation.lint_base import Desk
from chatbot.curation.prose import Paragraph, grade, paragraphs, words
from chatbot.knowledge.model import Intent
from chatbot.knowledge.problems import Problem

SHORTEST, LONGEST = 20, 90
MAX_SENTENCE_WORDS = 20
MAX_PARAGRAPH_SENTENCES = 3

#: Reading age of about 14, the policy's limit where medical words cannot be avoided.
MAX_GRADE = 9


def lint_prose(desk: Desk) -> Iterator[Problem]:
    """Too short or long answers, long sentences and paragraphs, and advice on hard words."""
    for intent in desk.knowledge.intents():
        for paragraph in paragraphs(intent.answer):
            yield from _paragraph(desk, intent, paragraph)
    for intent in desk.answers():
        yield from _answer(desk, intent)


def _answer(desk: Desk, intent: Intent) -> Iterator[Problem]:
    count = len(words(intent.answer))
    if not SHORTEST <= count <= LONGEST:
        message = f"the answer has {count} words. Make it {SHORTEST} to {LONGEST} words long."
        yield desk.problem(intent, "answer-length", message, "answer")
    if (found := grade(intent.answer)) > MAX_GRADE:
        message = f"the answer is hard to read (school grade {found:.1f}). Shorter words and sentences would help."
        yield desk.problem(intent, "readability", message, "answer", level="notice")


def _paragraph(desk: Desk, intent: Intent, paragraph: Paragraph) -> Iterator[Problem]:
    for sentence in paragraph.sentences:
        count = len(words(sentence))
        if count > MAX_SENTENCE_WORDS:
            message = f"this sentence has {count} words, split it: '{_beginning(sentence)}'"
            yield desk.problem(intent, "long-sentence", message, "answer")
    count = len(paragraph.sentences)
    if count > MAX_PARAGRAPH_SENTENCES:
        message = f"a paragraph has {count} sentences, split it: '{_beginning(paragraph.sentences[0])}'"
        yield desk.problem(intent, "long-paragraph", message, "answer")


def _beginning(text: str, count: int = 8) -> str:
    first = text.split()[:count]
    return " ".join(first) + (" …" if len(text.split()) > count else "")
