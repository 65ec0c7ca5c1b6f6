"""What an article says of the clinic itself, mostly at its end: how to book, the phone, the address, the people."""

import re
from collections.abc import Iterator

from chatbot.curation.draft_article import ArticleText
from chatbot.curation.draft_proposal import Proposal

_PHONE = re.compile(r"\b0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}\b|\+\d{2}[\d ()-]{8,}")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")
_BOOKING = re.compile(r"\bbook(?:ing)?\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:consultant|radiologist|surgeon|physiotherapist|doctor|dr)\b.*\bexperience", re.IGNORECASE)
_NAME = re.compile(r"^the\b.*\b(?:clinic|practice|hospital|centre|surgery)$", re.IGNORECASE)

_ASKED = (
    (
        "booking",
        _BOOKING,
        "How do I book a consultation?",
        ("book an appointment", "how do i book", "make an appointment"),
    ),
    ("phone", _PHONE, "What is the clinic's phone number?", ("phone number", "your number", "who do i ring")),
    ("place", _POSTCODE, "Where is the clinic?", ("where are you", "address", "how do i find you")),
    ("people", _PERSON, "Who does the scan and the injection?", ("who will see me", "who is the doctor")),
    ("services", _NAME, "What does the clinic do?", ("what do you offer", "your services", "what can you treat")),
)


def particulars(article: ArticleText) -> Iterator[Proposal]:
    """The questions about the clinic that the article's headings and paragraphs answer."""
    lines = [(section.heading, text) for section in article.sections for text in (section.heading, *section.paragraphs)]
    for aspect, pattern, question, phrasings in _ASKED:
        told = [(heading, text) for heading, text in lines if pattern.search(text)]
        if told:
            yield Proposal(question, aspect, phrasings, told[0][0], tuple(dict.fromkeys(text for _, text in told)))
