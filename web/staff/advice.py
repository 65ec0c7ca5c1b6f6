"""Advice on a text while it is written: how hard it is to read, and what patients or the matcher stumble over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.curation import prose
from chatbot.dialogue.reply import BulletList, Paragraph, markdown
from chatbot.knowledge.model import Knowledge
from chatbot.language.text import normalise

#: The school grade of a reading age of 11, and words that a sentence and an answer should not pass.
_GRADE, _SENTENCE, _ANSWER = 6.0, 20, 120
_FEW_PHRASINGS = 5


@dataclass(frozen=True)
class Advice:
    """One remark, which never forbids saving."""

    level: Literal["good", "hint"]
    text: str


def advise(answer: str, phrasings: Sequence[str], knowledge: Knowledge) -> tuple[Advice, ...]:
    """The remarks on an answer and its phrasings."""
    found = tuple(_answer(answer)) + tuple(_phrasings(phrasings)) + tuple(_links(answer, knowledge))
    return found or (Advice("good", "Easy to read, and nothing to remark."),)


def _answer(answer: str) -> Iterator[Advice]:
    grade = prose.grade(answer)
    if grade > _GRADE:
        age = round(grade) + 5
        yield Advice("hint", f"Readers need to be about {age} years old. Aim at 11: shorter words and sentences.")
    words = prose.words(answer)
    if len(words) > _ANSWER:
        yield Advice("hint", f"{len(words)} words. On a phone, up to {_ANSWER} are read.")
    for paragraph in prose.paragraphs(answer):
        for sentence in paragraph.sentences:
            number = len(prose.words(sentence))
            if number > _SENTENCE:
                yield Advice("hint", f"A sentence of {number} words: “{sentence[:60]}…” Make it two.")


def _phrasings(phrasings: Sequence[str]) -> Iterator[Advice]:
    distinct = {normalise(text) for text in phrasings}
    if len(distinct) < _FEW_PHRASINGS:
        yield Advice("hint", f"{len(distinct)} phrasings. From {_FEW_PHRASINGS} on the chat finds the answer well.")


def _links(answer: str, knowledge: Knowledge) -> Iterator[Advice]:
    """Addresses outside the clinic's own pages: somebody should open them before patients do."""
    own = {knowledge.clinic.booking_url.host, *(article.url.host for article in knowledge.articles.values())}
    for url in _addresses(answer):
        host = url.split("/")[2] if url.count("/") > 1 else url
        if host not in own:
            yield Advice("hint", f"The link to {host} leaves the clinic's website. Open it once to see that it works.")
        if url.startswith("http:"):
            yield Advice("hint", f"The link to {host} is not encrypted. Use https:// if the site has it.")


def _addresses(answer: str) -> Iterator[str]:
    """The addresses that an answer links to."""
    for block in markdown(answer):
        lines = block.items if isinstance(block, BulletList) else (block.spans,) if isinstance(block, Paragraph) else ()
        for spans in lines:
            yield from (span.url for span in spans if span.url)
