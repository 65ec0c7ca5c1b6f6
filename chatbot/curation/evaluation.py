"""How well a chatbot does on labelled questions: what it got right, offered, got wrong, or missed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from chatbot.bot import Chatbot
from chatbot.curation.questions import FALLBACK, SAFETY, Group, Question
from chatbot.dialogue.decision import Kind, decide
from chatbot.dialogue.turn import Turn
from chatbot.knowledge.model import DecisionRule, Knowledge
from chatbot.language.matcher import Matcher

Outcome = Literal["right", "clarified", "wrong", "missed"]
Progress = Callable[[int, int], None]

_EXTRA = 1  # one answer too many is forgiven in a message with several questions


@dataclass(frozen=True)
class Counts:
    """How many messages had each outcome.

    In scope: the right intent answered; offered among the choices; another one answered, or a card; none of
    these. Out of scope: nothing answered; choices offered; something answered; never missed.
    """

    right: int = 0
    clarified: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def total(self) -> int:
        """How many messages there were."""
        return self.right + self.clarified + self.wrong + self.missed

    def share(self, *outcomes: Outcome) -> float:
        """The share of the messages that had one of the outcomes; 0 where there are no messages."""
        return sum(getattr(self, outcome) for outcome in outcomes) / self.total if self.total else 0.0


@dataclass(frozen=True)
class Record:
    """What became of one question.

    expected_kind: the kind of the intent meant, empty where it is none; kind and intents: those of the reply;
    best_right: whether the best match was right, whatever was decided.
    """

    text: str
    expected: str
    expected_kind: str
    group: Group
    outcome: Outcome
    kind: Kind
    intents: tuple[str, ...]
    confidence: float
    best_right: bool


@dataclass(frozen=True)
class Evaluation:
    """A record for each question, the rule that decided, and what the records add up to."""

    records: tuple[Record, ...]
    rule: DecisionRule

    def counts(self, group: Group) -> Counts:
        """The outcomes in one group of questions."""
        return _count(record for record in self.records if record.group == group)

    @cached_property
    def answers(self) -> Counts:
        """The outcomes in scope where the intent meant is one that the articles answer."""
        return _count(r for r in self.records if r.group == "in scope" and r.expected_kind == "answer")

    @cached_property
    def everyday(self) -> tuple[Record, ...]:
        """The records of single messages, in scope and out of it."""
        return tuple(record for record in self.records if record.group in {"in scope", "out of scope"})

    @cached_property
    def per_intent(self) -> Mapping[str, Counts]:
        """The outcomes in scope by the intent meant, the worst first."""
        grouped: dict[str, list[Record]] = defaultdict(list)
        for record in self.records:
            if record.group == "in scope":
                grouped[record.expected].append(record)
        counted = {intent: _count(records) for intent, records in grouped.items()}
        return dict(sorted(counted.items(), key=lambda item: (-item[1].wrong - item[1].missed, item[0])))

    @cached_property
    def confusions(self) -> tuple[tuple[str, str, int], ...]:
        """Intent meant, intent answered instead, how often; the most frequent first."""
        pairs = Counter((r.expected, _answered(r)) for r in self.everyday if r.outcome == "wrong")
        worst = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((meant, said, times) for (meant, said), times in worst)

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """Labels of questions that are no intents of the knowledge."""
        strange = {r.expected for r in self.records if r.group == "in scope" and not r.expected_kind}
        return tuple(sorted(strange))


def evaluate(bot: Chatbot, questions: Sequence[Question], progress: Progress | None = None) -> Evaluation:
    """Ask the bot every question; `progress` is told after each how many are done, and of how many."""
    equal = Equal(bot.knowledge)
    records = []
    for done, question in enumerate(questions, 1):
        records.append(judge_turn(question, ask(bot, question), equal))
        if progress:
            progress(done, len(questions))
    return Evaluation(tuple(records), bot.rule)


def cross_validate(bot: Chatbot) -> Evaluation:
    """How the bot would do on each text of its own knowledge, had that text not been there.

    The matcher knows this in closed form, so nothing is fitted again.
    """
    equal = Equal(bot.knowledge)
    return Evaluation(tuple(_rehearsed(bot, equal)), bot.rule)


class Equal:
    """Which labels count as right for a question, by the knowledge's groups of equal intents."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._kinds = {intent.id: intent.kind for intent in knowledge.intents()}
        self._groups = [frozenset(group) for group in knowledge.lexicon.equal]

    def kind(self, label: str) -> str:
        """The kind of an intent, empty for other labels."""
        return self._kinds.get(label, "")

    def to(self, labels: Iterable[str]) -> frozenset[str]:
        """The labels and those that are as good."""
        given = frozenset(labels)
        return given.union(*(group for group in self._groups if group & given))


def judge(kind: Kind, intents: Sequence[str], right: frozenset[str], expected: str) -> Outcome:
    """The outcome of a reply of some kind that answers or offers these intents."""
    if kind == "clarify":
        return "clarified" if expected == FALLBACK or right.intersection(intents) else "missed"
    if kind == "fallback":
        return "right" if FALLBACK in right else "missed"
    said = SAFETY if kind == "safety" else intents[0]
    return "right" if said in right else "wrong"


def ask(bot: Chatbot, question: Question) -> Turn:
    """The bot's turn to a question, after those before it in its conversation."""
    session = None
    for text in question.before:
        session = bot.reply(text, session).session
    return bot.reply(question.text, session)


def judge_turn(question: Question, turn: Turn, equal: Equal) -> Record:
    """What became of a question that got this turn."""
    right = equal.to(question.intents)
    first = turn.parts[0] if turn.parts else None
    return Record(
        text=question.text,
        expected=question.expected,
        expected_kind=equal.kind(question.expected),
        group=question.group,
        outcome=_judge_together(question, turn, equal)
        if question.together
        else judge(turn.kind, turn.intents, right, question.expected),
        kind=turn.kind,
        intents=turn.intents,
        confidence=turn.confidence,
        best_right=bool(first and first.matches and first.matches[0].label in right),
    )


def _judge_together(question: Question, turn: Turn, equal: Equal) -> Outcome:
    """Missed where a question stays unanswered, wrong where too much else is answered."""
    answered = {part.decision.intents[0] for part in turn.parts if part.decision.answered}
    if not all(equal.to([intent]) & answered for intent in question.together):
        return "missed"
    extra = answered - equal.to(question.together)
    return "right" if len(extra) <= (_EXTRA if len(question.together) > 1 else 0) else "wrong"


def _rehearsed(bot: Chatbot, equal: Equal) -> Iterable[Record]:
    matcher = bot.matcher
    for text, expected, matches in zip(matcher.texts_, _labels(matcher), matcher.rehearse()):
        right = equal.to([expected])
        decision = decide(matches, bot.rule, bot.intents)
        yield Record(
            text=text,
            expected=expected,
            expected_kind=equal.kind(expected),
            group="out of scope" if expected == FALLBACK else "in scope",
            outcome=judge(decision.kind, decision.intents, right, expected),
            kind=decision.kind,
            intents=decision.intents,
            confidence=decision.confidence,
            best_right=bool(matches) and matches[0].label in right,
        )


def _labels(matcher: Matcher) -> list[str]:
    """What each text that the matcher has learnt means, as a question would be labelled."""
    return [FALLBACK if number < 0 else matcher.labels_[number] for number in matcher.intents_]


def _answered(record: Record) -> str:
    return SAFETY if record.kind == "safety" else record.intents[0]


def _count(records: Iterable[Record]) -> Counts:
    times = Counter(record.outcome for record in records)
    return Counts(times["right"], times["clarified"], times["wrong"], times["missed"])
