"""Leave-one-out: how often a phrasing would be understood if it were not known, for two knowledge bases alike."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chatbot.bot import Chatbot
from chatbot.curation.evaluation import Equal, judge
from chatbot.curation.questions import FALLBACK
from chatbot.dialogue.decision import decide
from chatbot.language.kept import Arrays, Recipe, embeddings_mark, shaped
from chatbot.language.matcher import Match, Matcher

#: One text in so many is rehearsed, chosen by its letters, so that an edit leaves the choice as it was.
_EVERY = 5
_TOP = 3


@dataclass(frozen=True)
class Rehearsal:
    """Whether each rehearsed text, with its label, would get the right reply without having been learnt."""

    right: Mapping[tuple[str, str], bool]

    def share(self, among: "Rehearsal") -> float:
        """The share of right replies over the texts that the other rehearsal has, too; 1 where there are none."""
        common = self.right.keys() & among.right.keys()
        return sum(self.right[text] for text in common) / len(common) if common else 1.0


@dataclass(frozen=True)
class _Ranked:
    """The rehearsed rows of a matcher, and the best labels (rows, 3) of each with their confidences."""

    labels: NDArray[np.int64]
    confidences: NDArray[np.float64]


def rehearse(bot: Chatbot) -> Rehearsal:
    """The rehearsal of a fifth of a bot's texts; kept on its shelf, since it takes as long as fitting."""
    matcher = bot.matcher
    rows = [row for row, text in enumerate(matcher.texts_) if zlib.crc32(text.encode("utf-8", "replace")) % _EVERY == 0]
    ranked = bot.shelf.obtain(_recipe(matcher, rows))
    equal = Equal(bot.knowledge)
    right = {}
    for row, labels, confidences in zip(rows, ranked.labels.tolist(), ranked.confidences.tolist()):
        expected = FALLBACK if matcher.intents_[row] < 0 else matcher.labels_[matcher.intents_[row]]
        matches = [Match(matcher.labels_[label], sure, "") for label, sure in zip(labels, confidences) if label >= 0]
        decision = decide(matches, bot.rule, bot.intents)
        outcome = judge(decision.kind, decision.intents, equal.to([expected]), expected)
        right[matcher.texts_[row], expected] = outcome == "right"
    return Rehearsal(right)


def _recipe(matcher: Matcher, rows: list[int]) -> Recipe[_Ranked]:
    learnt = [list(matcher.plain_), matcher.rows_.tolist(), matcher.intents_.tolist(), list(matcher.labels_)]
    parameters = [matcher.penalty, matcher.spelling, matcher.seed, matcher.rehearsed, matcher.unknown_share]
    return Recipe(
        kind="rehearsal",
        ingredients=[parameters, embeddings_mark(), learnt, rows],
        fit=lambda: _rank(matcher, rows),
        pack=lambda ranked: {"labels": ranked.labels, "confidences": ranked.confidences},
        unpack=lambda arrays: _unpack(arrays, len(rows)),
    )


def _rank(matcher: Matcher, rows: list[int]) -> _Ranked:
    numbers = {label: number for number, label in enumerate(matcher.labels_)}
    ranked = _Ranked(np.full((len(rows), _TOP), -1, dtype=np.int64), np.zeros((len(rows), _TOP)))
    for line, matches in enumerate(matcher.rehearse(rows) if rows else ()):
        for place, match in enumerate(matches[:_TOP]):
            ranked.labels[line, place] = numbers[match.label]
            ranked.confidences[line, place] = match.confidence
    return ranked


def _unpack(arrays: Arrays, count: int) -> _Ranked:
    labels = shaped(arrays, "labels", np.int64, count, _TOP)
    return _Ranked(labels, shaped(arrays, "confidences", np.float64, count, _TOP))
