"""Several questions in one message: where one may end and the next begin."""

import re

MAX_QUESTIONS = 3

#: A message with more pieces than this is a story, and each piece costs a ranking.
_MOST_PIECES = 12

_OPENERS = (
    "what|whats|what's|which|who|whos|who's|whose|how|hows|how's|why|where|wheres|where's|when|do|does|did|is|are|am|can|"
    "could|would|will|shall|should|have|has|must|may|tell|explain|need|any|r|wot|wots|wat|hw"
)
_STRONG = re.compile(r"(?<=[?!;\n])\s+|(?<=[a-z]{2}[.])\s+|\s*[;\n]\s*", re.IGNORECASE)
_WEAK = re.compile(
    rf"(?:\s*,\s*|\s+)(?:and|also|plus|n|&|but|then|oh|or)\s+(?:(?:also|then|and|if\s+so)\s+)*(?=(?:{_OPENERS})\b)"
    rf"|\s*,\s*(?=(?:{_OPENERS})\b)",
    re.IGNORECASE,
)
_SOFT = re.compile(r"\s*,\s*(?:and\s+|also\s+|plus\s+)?|\s+(?:and|plus|also|as well as)\s+", re.IGNORECASE)


_OPENS = re.compile(rf"(?:{_OPENERS})\b", re.IGNORECASE)
_NAME_ONLY = 4
_INTERJECTION = 2


def names_only(piece: str) -> bool:
    """Whether a piece beside a question merely names what it is about ("back to the PRP, is it sore?")."""
    return len(piece.split()) <= _NAME_ONLY and not _OPENS.match(piece) and not piece.endswith("?")


def interjects(piece: str) -> bool:
    """Whether a piece beside a question is no more than an interjection ("Cool. So what causes it?")."""
    return len(piece.split()) <= _INTERJECTION and not _OPENS.match(piece) and not piece.endswith("?")


def sentences(message: str) -> list[str]:
    """The message cut where a new question plainly begins: after a full stop, or where a question word follows."""
    parts = [piece for sentence in _STRONG.split(_tidy(message)) for piece in _WEAK.split(sentence)]
    return [part.strip(" ,") for part in parts if part and any(c.isalnum() for c in part)][:_MOST_PIECES]


def phrases(sentence: str) -> list[str]:
    """The sentence cut at every comma and "and": these may join two questions, or two words of one."""
    return [part.strip(" ,") for part in _SOFT.split(_tidy(sentence)) if any(c.isalnum() for c in part)][:_MOST_PIECES]


def _tidy(message: str) -> str:
    """Single spaces and single line ends: the patterns above would take quadratic time on long runs of them."""
    lines = (" ".join(line.split()) for line in message.splitlines())
    return "\n".join(line for line in lines if line)
