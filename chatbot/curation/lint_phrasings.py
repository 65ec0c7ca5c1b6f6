"""Whether the phrasings teach the matcher enough, each of them something, and none the wrong thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from rapidfuzz import fuzz, process

from chatbot.curation.lint_base import Desk
from chatbot.knowledge.crosscheck import same_words
from chatbot.knowledge.model import Intent, Knowledge
from chatbot.knowledge.problems import Problem
from chatbot.language.matcher import Match
from chatbot.language.text import normalise

FEWEST = 5

#: rapidfuzz's ratio of the sorted words, 0 to 100. From here on, pairs of the clinic's phrasings differ by a
#: slip of the pen; under it, by a word that matters ("managing" or "imaging" a tendon).
NEAR = 93

#: Surer than this of another intent, the matcher would answer wrongly; less sure, it often only lacks the word.
SURELY_ELSEWHERE = 0.85

_CHUNK = 256


class Rehearsed(Protocol):
    """A fitted matcher that can say how it would rank each text it learnt if it had not learnt it.

    The texts are those of `learnt`, in that order.
    """

    def rehearse(self, rows: Sequence[int]) -> Sequence[Sequence[Match]]:
        """The ranking of each of the learnt texts by a matcher that does not know it."""
        ...


@dataclass(frozen=True)
class Learnt:
    """A text that the chatbot's matcher learns: an intent's question (no place) or one of its phrasings."""

    intent: Intent
    text: str
    place: int | None = None

    @property
    def path(self) -> tuple[str | int, ...]:
        """Where the text stands in its intent."""
        return ("question",) if self.place is None else ("phrasings", self.place)


def learnt(knowledge: Knowledge) -> list[Learnt]:
    """The texts in the order of `chatbot.bot.fit_matcher`: each intent's question, then its phrasings."""
    texts: list[Learnt] = []
    for intent in knowledge.intents():
        texts.append(Learnt(intent, intent.question))
        texts += (Learnt(intent, text, place) for place, text in enumerate(intent.phrasings))
    return texts


def lint_phrasings(desk: Desk) -> Iterator[Problem]:
    """Too few phrasings, phrasings without words, and near duplicates."""
    for intent in desk.knowledge.intents():
        count = len(intent.phrasings)
        if count < FEWEST:
            message = f"has {count} phrasings. Add what patients type, at least {FEWEST} in all."
            yield desk.problem(intent, "few-phrasings", message, "phrasings")
    phrasings = [text for text in learnt(desk.knowledge) if text.place is not None]
    words = [normalise(text.text) for text in phrasings]
    for text in (text for text, plain in zip(phrasings, words) if not plain):
        message = f"'{text.text}' has no words that the matcher can read. Delete it."
        yield desk.problem(text.intent, "no-words", message, *text.path, level="notice")
    for one, other in sorted(near_pairs(words)):
        yield from _alike(desk, phrasings[one], phrasings[other], same=words[one] == words[other])


def lint_misplaced(desk: Desk, matcher: Rehearsed) -> Iterator[Problem]:
    """Texts that the matcher, had it not learnt them, would have answered with another intent."""
    texts = list(learnt(desk.knowledge))
    rehearsal = matcher.rehearse(range(len(texts)))
    for index, text in enumerate(texts):
        best = rehearsal[index][0]
        if best.label == text.intent.id or best.confidence < SURELY_ELSEWHERE:
            continue
        alike = f"{best.label} (as '{best.phrasing}', confidence {best.confidence:.2f})"
        message = f"'{text.text}' looks like {alike}. Move it there, or make it clearer."
        yield desk.problem(text.intent, "misplaced-phrasing", message, *text.path)


def _alike(desk: Desk, kept: Learnt, again: Learnt, *, same: bool) -> Iterator[Problem]:
    """Report two phrasings at the second; those with the very same words are found in reading."""
    if same_words(kept.text) == same_words(again.text):
        return
    file, line = desk.lines.of(kept.intent.id, *kept.path)
    if kept.intent.id == again.intent.id:
        message = f"'{again.text}' is nearly '{kept.text}' (line {line}). One of them may be enough."
        yield desk.problem(again.intent, "near-duplicate", message, *again.path, level="notice")
    elif same:
        message = f"'{again.text}' is to the bot the same as '{kept.text}' of {kept.intent.id} ({file}:{line})."
        yield desk.problem(again.intent, "duplicate-phrasing", message, *again.path, level="error")
    else:
        message = f"'{again.text}' is nearly '{kept.text}' of {kept.intent.id} ({file}:{line}). Make them differ."
        yield desk.problem(again.intent, "near-duplicate", message, *again.path)


def near_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of texts whose words, in alphabetical order, are alike; the lower place first.

    Sorted by length first: texts as alike as `NEAR` differ little in it, which spares most comparisons.
    """
    rows = sorted(
        ((" ".join(sorted(text.split())), place) for place, text in enumerate(texts) if text),
        key=lambda row: len(row[0]),
    )
    keys = [key for key, _ in rows]
    lengths = np.array([len(key) for key in keys])
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        end = int(np.searchsorted(lengths, len(chunk[-1]) * (200 - NEAR) / NEAR, side="right"))
        likeness = process.cdist(chunk, keys[start:end], scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8)
        for row, column in zip(*np.nonzero(likeness)):
            if row < column:
                one, other = sorted((rows[start + row][1], rows[start + column][1]))
                yield one, other
