"""Choosing when to answer and when to offer choices, from labelled questions and the matcher's own rehearsal.

Every message is ranked once. What any rule would make of it is then a matter of comparing arrays, so that the
whole grid of rules is measured in the time of a few matrix products.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from chatbot.bot import Chatbot
from chatbot.curation.evaluation import Equal
from chatbot.curation.questions import FALLBACK, Question
from chatbot.dialogue.decision import MAX_CHOICES
from chatbot.knowledge.model import DecisionRule
from chatbot.language.matcher import Match

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CONFIDENCES = np.round(np.arange(0.01, 1.01, 0.01), 2)  # up to 1: as good as never
_MARGINS = np.round(np.arange(0, 0.51, 0.01), 2)
_CHOICES_ARE_WORTH = 0.3  # as much as a right answer is, where one of them is what was meant: they cost a step more
_NEEDLESS_CHOICES_ARE_WORTH = 0.95  # as much as a right refusal is, which offers the nearest topics too
_FOLDS = 5
_REPEATS = 10  # one division into folds would decide by luck: the best rules lie close together
# The rules chosen without a fold may err more often on that fold; then less is aimed at, until they do not.
_AIMS = np.round(np.arange(1, 0, -0.05), 2)
_HEADER = """\
# When the bot answers and when it offers choices. Written by `python -m chatbot tune`; do not edit by hand.
# threshold: the least confidence to answer; margin: the least lead over the second intent;
# clarify: the least confidence to offer choices; measured: shares on questions that a choice had not seen.
"""


@dataclass(frozen=True)
class Ranked:
    """Ranked messages, one array each of shape (n,).

    confidence and lead: of the best match; right and offered: whether the best match, or any of the first
    few, is what was meant; outside: whether nothing was meant; declined: whether a fallback is right; weight:
    how many messages it stands for; rehearsed: whether it is a text of the knowledge and no question.
    """

    confidence: Numbers
    lead: Numbers
    right: Flags
    offered: Flags
    outside: Flags
    declined: Flags
    weight: Numbers
    rehearsed: Flags

    def __getitem__(self, rows: Flags) -> Self:
        return replace(self, **{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def answered(self, rule: DecisionRule) -> Flags:
        """Which messages the rule would answer; the same as `decide`, for all at once."""
        return (self.confidence >= rule.threshold) & (self.lead >= rule.margin)

    def clarified(self, rule: DecisionRule) -> Flags:
        """To which messages the rule would offer choices."""
        return ~self.answered(rule) & (self.confidence >= rule.clarify)


def tune(bot: Chatbot, questions: Sequence[Question], wrong_rate: float = 0.05) -> DecisionRule:
    """The rule that helps most among those that give at most `wrong_rate` wrong answers over all messages.

    It is the mean of the rules chosen on the folds; `measured` says what these did on messages they had not seen.
    A right answer or a right refusal counts 1, choices half as much or less. In scope the questions decide,
    out of scope the matcher's rehearsal too. Phrasings are not rehearsed here because staff write them to
    differ: without one, its wording is unknown, and that is far harder than what patients type.
    """
    ranked = _weigh(rank_questions(bot, questions), rank_rehearsal(bot))
    parts = list(_folds(len(ranked.weight)))
    for aim in wrong_rate * _AIMS:
        unseen = [(_choose(ranked[~part], aim), ranked[part]) for part in parts]
        if _wrong(unseen) <= wrong_rate:
            break
    rule = _between([rule for rule, _ in unseen])
    return rule.model_copy(update={"wrong_rate": wrong_rate, "measured": _measure(unseen)})


def _between(rules: Sequence[DecisionRule]) -> DecisionRule:
    """The mean of rules that were chosen on different messages: which of near-equal rules is best is chance."""

    def mean(name: str) -> float:
        return round(float(np.mean([getattr(rule, name) for rule in rules])), 2)

    return rules[0].model_copy(update={name: mean(name) for name in ("threshold", "margin", "clarify")})


def write_decision(rule: DecisionRule, path: Path) -> None:
    """Write the rule as `decision.yaml`, with a word on what its numbers mean."""
    limits = [f"{name}: {getattr(rule, name):g}" for name in ("wrong_rate", "threshold", "margin", "clarify")]
    measured = [f"  {name}: {number:g}" for name, number in rule.measured.items()]
    path.write_text(_HEADER + "\n".join([*limits, "measured:", *measured]) + "\n", encoding="utf-8")


def rank_questions(bot: Chatbot, questions: Sequence[Question]) -> Ranked:
    """The single messages among the questions, each ranked as a whole and without a session."""
    equal = Equal(bot.knowledge)
    single = [question for question in questions if question.group in {"in scope", "out of scope"}]
    ranked = bot.matcher.rank_many([bot.reader.read(question.text).text for question in single], MAX_CHOICES)
    return _ranked(ranked, [question.expected for question in single], [equal.to(q.intents) for q in single])


def rank_rehearsal(bot: Chatbot) -> Ranked:
    """The out-of-scope examples of the knowledge, each ranked as if it were unknown."""
    rows = (bot.matcher.intents_ < 0).nonzero()[0]
    ranked = _ranked(bot.matcher.rehearse(rows.tolist()), [FALLBACK] * len(rows), [frozenset([FALLBACK])] * len(rows))
    return replace(ranked, rehearsed=np.ones(len(rows), dtype=bool))


def _ranked(matches: Sequence[Sequence[Match]], expected: Sequence[str], right: Sequence[frozenset[str]]) -> Ranked:
    best, second = ([_confidence(line, place) for line in matches] for place in (0, 1))
    return Ranked(
        confidence=np.array(best),
        lead=np.array([a - b if len(line) > 1 else 1.0 for a, b, line in zip(best, second, matches)]),
        right=np.array([_holds(line[:1], good) for line, good in zip(matches, right)], dtype=bool),
        offered=np.array([_holds(line, good) for line, good in zip(matches, right)], dtype=bool),
        outside=np.array([label == FALLBACK for label in expected], dtype=bool),
        declined=np.array([FALLBACK in good for good in right], dtype=bool),
        weight=np.ones(len(right)),
        rehearsed=np.zeros(len(right), dtype=bool),
    )


def _confidence(matches: Sequence[Match], place: int) -> float:
    return matches[place].confidence if len(matches) > place else 0.0


def _holds(matches: Sequence[Match], right: frozenset[str]) -> bool:
    return any(match.label in right for match in matches)


def _weigh(asked: Ranked, rehearsed: Ranked) -> Ranked:
    """Both together, with as much out of scope as among the questions."""
    together = _join([asked, rehearsed])
    share = asked.outside.sum() / max(together.outside.sum(), 1)
    return replace(together, weight=np.where(together.outside, share, 1.0))


def _folds(count: int) -> Iterator[Flags]:
    """Which messages are kept for measuring, each message once in every repeat."""
    random = np.random.default_rng(0)
    for _ in range(_REPEATS):
        fold_of = random.permutation(count) % _FOLDS
        yield from (fold_of == fold for fold in range(_FOLDS))


def _join(parts: Iterable[Ranked]) -> Ranked:
    together = list(parts)
    return Ranked(*(np.concatenate([getattr(p, field.name) for p in together]) for field in fields(Ranked)))


def _choose(ranked: Ranked, wrong_rate: float) -> DecisionRule:
    """The best rule of the grid.

    What choices are worth from some confidence on does not depend on which messages are answered, but for
    what answering takes away. So threshold and margin are compared on one grid, the clarifying limit apart.
    """
    above = (ranked.confidence[:, None] >= _CONFIDENCES).astype(float)
    ahead = (ranked.lead[:, None] >= _MARGINS).astype(float)
    good = ranked.weight * ranked.right
    choices = np.where(ranked.outside, _NEEDLESS_CHOICES_ARE_WORTH, _CHOICES_ARE_WORTH * ranked.offered)
    offer = ranked.weight * choices
    refuse = ranked.weight * ranked.declined
    wrong = (above.T * (ranked.weight - good)) @ ahead / max(ranked.weight.sum(), 1e-9)
    unanswered = offer @ above + refuse @ (1 - above)
    limits = _places_of_best_so_far(unanswered)  # choices are never offered from above the threshold
    worth = (above.T * (good - offer)) @ ahead + unanswered[limits][:, None]
    allowed = wrong <= max(wrong_rate, wrong.min())
    threshold, margin = np.unravel_index(np.where(allowed, worth, -np.inf).argmax(), worth.shape)
    return DecisionRule(
        wrong_rate=wrong_rate,
        threshold=float(_CONFIDENCES[threshold]),
        margin=float(_MARGINS[margin]),
        clarify=float(_CONFIDENCES[limits[threshold]]),
    )


def _places_of_best_so_far(values: Numbers) -> NDArray[np.intp]:
    highest = np.maximum.accumulate(values)
    return np.maximum.accumulate(np.where(values >= highest, np.arange(len(values)), 0))


def _wrong(unseen: Sequence[tuple[DecisionRule, Ranked]]) -> float:
    wrong = sum(float((part.weight * part.answered(rule))[~part.right].sum()) for rule, part in unseen)
    return wrong / max(sum(float(part.weight.sum()) for _, part in unseen), 1e-9)


def _measure(unseen: Sequence[tuple[DecisionRule, Ranked]]) -> dict[str, float]:
    """What the rules did on questions that they were chosen without; `wrong_rate` with the rehearsal, too."""
    asked = [(rule, part[~part.rehearsed]) for rule, part in unseen]
    answered = np.concatenate([part.answered(rule) for rule, part in asked])
    clarified = np.concatenate([part.clarified(rule) for rule, part in asked])
    everything = _join(part for _, part in asked)
    inside, outside = ~everything.outside, everything.outside
    right = (answered & everything.right) | (~answered & ~clarified & everything.declined)
    offered = clarified & everything.offered
    wrong = answered & ~everything.right
    return {
        "in_scope": float(inside.sum() / _REPEATS),
        "right": _share(right, inside),
        "clarified": _share(offered, inside),
        "wrong": _share(wrong, inside),
        "missed": _share(~right & ~offered & ~wrong, inside),
        "out_of_scope": float(outside.sum() / _REPEATS),
        "out_of_scope_answered": _share(wrong, outside),
        "out_of_scope_clarified": _share(clarified, outside),
        "out_of_scope_rehearsed": sum(float(part.rehearsed.sum()) for _, part in unseen) / _REPEATS,
        "wrong_rate": round(_wrong(unseen), 4),
    }


def _share(which: Flags, among: Flags) -> float:
    return round(float(which[among].mean()), 4) if among.any() else 0.0
