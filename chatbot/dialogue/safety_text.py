"""Normalising for the safety gate alone, so that nothing fitted or edited elsewhere can break it.

Words come out in small letters without apostrophes ("can't", "can not" and "unable to" are all `cant`); a
full stop or line break becomes the word ".", a comma or dash the word ",".
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping

from chatbot.dialogue.safety_spelling import SHORTEST_TYPED, Mender

SENTENCE_END, CLAUSE_END = ".", ","
APOSTROPHES = str.maketrans(dict.fromkeys("'’‘`´ʼ＇", ""))  # before NFKC, which turns some of them into spaces
LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "ı": "i", "æ": "ae", "œ": "oe"})
INVISIBLE = re.compile("[\u00ad\u0300-\u036f\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060\ufe0f\ufeff]")
EMOJI = re.compile("([\u2190-\u2bff\U0001f000-\U0001faff])")
TOKEN = re.compile(
    r"\d+\.\d+|[.!?\n\r؟।۔]+|[,;:()\[\]\"“”–—،]|-+(?=\s)|[^\s.!?؟।۔,;:()\[\]\"“”–—،/\\\-&+*_~<>=|]+|[&+]"
)
SHORT_WORD = 4  # "thin" is not "thing"
NUMBER_WITH_UNIT = re.compile(r"(\d+)([a-z]+)")
POSSESSIVE = re.compile(
    r"\b(?!(?:it|he|she|what|that|who|there|where|here|how|let|when|why)\b)([^\W\d_]{3,})['’]s\b",
    re.IGNORECASE,
)
REPEATED = re.compile(r"([^\W\d_])\1{2,}")


def plain(text: str) -> str:
    """Small letters without apostrophes, accents or invisible characters; emoji apart; mum for "mum's"."""
    if "'" in text or "’" in text:
        text = POSSESSIVE.sub(r"\1", text)
    text = text.translate(APOSTROPHES)
    if not text.isascii():
        text = INVISIBLE.sub("", unicodedata.normalize("NFKD", text))
        text = EMOJI.sub(r" \1 ", text)
    return text.lower() if text.isascii() else INVISIBLE.sub("", text.lower()).translate(LETTERS)


def split_tokens(text: str) -> list[str]:
    """The words and the marks that end a clause or a sentence."""
    return [_mark(token) for token in TOKEN.findall(plain(text))]


def _mark(token: str) -> str:
    first = token[0]
    if first.isalnum():
        return token
    if first in ".!?\n\r؟।۔":
        return SENTENCE_END
    if first in ',;:()[]"“”–—-،':
        return CLAUSE_END
    return "and" if first in "&+" else token


class Normaliser:
    """Turns raw text into words as wordings have them: those of the `vocabulary`, or other `english` ones."""

    def __init__(
        self,
        vocabulary: frozenset[str],
        english: Container[str],
        misspellings: Mapping[str, str],
        same_as: Mapping[str, Iterable[str]],
        mender: Mender,
    ) -> None:
        self._vocabulary = vocabulary
        self._english = english
        self._misspellings = {wrong: right.split() for wrong, right in misspellings.items()}
        self._joins = _joins(same_as)
        self._mender = mender

    def words(self, text: str) -> list[str]:
        """The normalised words of a message."""
        return self._join([word for token in split_tokens(text) for word in self._respell(token)])

    def _respell(self, token: str) -> list[str]:
        listed = self._misspellings.get(token)
        if listed is not None:
            return listed
        if len(token) > SHORT_WORD and token.endswith("in") and token + "g" in self._vocabulary:  # "bleedin", "takin"
            return [token + "g"]
        if token in self._vocabulary or not token[0].isalnum() or _stays(token):
            return [token]
        return [token] if token in self._english else self._respell_unknown(token)

    def _respell_unknown(self, token: str) -> list[str]:
        number = NUMBER_WITH_UNIT.fullmatch(token)
        if number:
            return [number[1], *self._respell(number[2])]
        mended = self._squeezed(token) if REPEATED.search(token) else self._mender.mend(token)
        return self._misspellings.get(mended, [mended])

    def _squeezed(self, token: str) -> str:
        """The token with letters repeated as often as in a known word: help for heeelp."""
        choices = [REPEATED.sub(kept, token) for kept in (r"\1\1", r"\1")]
        known = (self._vocabulary, self._misspellings, self._english)
        return next((word for word in choices if any(word in words for words in known)), choices[0])

    def _join(self, words: list[str]) -> list[str]:
        joined: list[str] = []
        position = 0
        while position < len(words):
            length, meant = self._joined_at(words, position)
            joined += meant
            position += length
        return joined

    def _joined_at(self, words: list[str], position: int) -> tuple[int, list[str]]:
        for phrase, meant in self._joins.get(words[position], ()):
            if words[position : position + len(phrase)] == phrase:
                return len(phrase), meant
        return 1, words[position : position + 1]


def _stays(token: str) -> bool:
    """Whether a token is too short to be mended, English or not: the English words need not be read for it."""
    return len(token) < SHORTEST_TYPED and token.isalpha() and not REPEATED.search(token)


def _joins(same_as: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[list[str], list[str]]]]:
    by_first: dict[str, list[tuple[list[str], list[str]]]] = {}
    pairs = [(phrase.split(), meant.split()) for meant, phrases in same_as.items() for phrase in phrases]
    for phrase, meant in sorted(pairs, key=lambda pair: -len(pair[0])):  # the longest phrase wins
        by_first.setdefault(phrase[0], []).append((phrase, meant))
    return by_first
