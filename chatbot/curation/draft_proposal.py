"""What drafting passes on: the sentences of an article with what they are about, and the proposals made of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chatbot.curation.draft_terms import Term
from chatbot.language.matcher import Match

#: From this confidence an existing intent asks the same.
SURE = 0.5

MOST_SENTENCES = 6


@dataclass(frozen=True)
class Sentence:
    """A sentence of the article: its section's heading, its paragraph, the terms that it speaks about.

    about: the condition that its section or paragraph is about; terms: those that it mentions, or means by "it".
    """

    text: str
    section: str
    paragraph: int
    about: Term | None
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Proposal:
    """A question that the article answers. passage: its sentences, as they stand there; overlap: intents that exist."""

    question: str
    aspect: str
    phrasings: tuple[str, ...]
    section: str
    passage: tuple[str, ...]
    overlap: tuple[Match, ...] = ()

    @property
    def exists(self) -> str:
        """The intent that asks the same already; empty where none does."""
        return self.overlap[0].label if self.overlap and self.overlap[0].confidence >= SURE else ""


def made(aspect: str, question: str, phrasings: Iterable[str], told: Sequence[Sentence]) -> Iterator[Proposal]:
    """The proposal, if any sentence tells it."""
    if told:
        passage = tuple(dict.fromkeys(sentence.text for sentence in told))[:MOST_SENTENCES]
        yield Proposal(question, aspect, tuple(dict.fromkeys(phrasings)), told[0].section, passage)
