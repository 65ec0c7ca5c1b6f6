"""What changes for patients between two knowledge bases, and whether the newer one may be published."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.bot import Chatbot
from chatbot.curation.evaluation import Equal, Outcome, Progress, judge_turn
from chatbot.curation.questions import FALLBACK, SAFETY, Question
from chatbot.curation.rehearsal import rehearse
from chatbot.curation.replay import replay
from chatbot.curation.safety_evaluation import CARDS, ORDER, SafetyCase
from chatbot.dialogue.decision import Kind
from chatbot.dialogue.turn import Turn

Group = Literal["evaluation", "safety", "recent"]
Verdict = Literal["better", "worse", "other"]

#: Best first: an offer of the right choice is worth more than silence, and silence more than a wrong answer.
_WORTH: tuple[Outcome, ...] = ("right", "clarified", "missed", "wrong")


@dataclass(frozen=True)
class Limits:
    """How far accuracy may fall, as a share, before publishing is blocked."""

    evaluation: float = 0.01
    rehearsal: float = 0.01


@dataclass(frozen=True)
class Said:
    """What a patient gets: the kind of reply, the intents answered or offered, the tier, and the words."""

    kind: Kind
    intents: tuple[str, ...]
    tier: str
    reply: str

    @classmethod
    def of(cls, turn: Turn) -> "Said":
        """What a turn says."""
        return cls(turn.kind, turn.intents, turn.tier or "none", turn.reply.text)

    @property
    def decided(self) -> tuple[Kind, tuple[str, ...], str]:
        """All but the words."""
        return self.kind, self.intents, self.tier


@dataclass(frozen=True)
class ReplyChange:
    """A message that gets another reply. verdict: by its label; `other` where it has none or it makes no difference."""

    text: str
    group: Group
    before: Said
    after: Said
    verdict: Verdict = "other"
    expected: str = ""


@dataclass(frozen=True)
class SafetyChange:
    """A message that gets another tier; label: the tier that it should get, empty where nobody said."""

    text: str
    before: str
    after: str
    label: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it forbids publishing: a card comes or goes, or the team is no longer told where it should be."""
        if {self.before, self.after} & set(CARDS):
            return True
        return bool(self.label) and _distance(self.after, self.label) > _distance(self.before, self.label)


@dataclass(frozen=True)
class Accuracy:
    """Shares of right replies before and after, over `count` messages."""

    before: float
    after: float
    count: int

    @property
    def fall(self) -> float:
        """How much less is right; negative where more is."""
        return self.before - self.after


@dataclass(frozen=True)
class Changes:
    """Everything that a publisher should know.

    replies: another decision; reworded: messages by the intent whose words changed, the decision being the same;
    left_out: labelled questions about intents that one of the two does not have.
    """

    replies: tuple[ReplyChange, ...]
    reworded: Mapping[str, int]
    safety: tuple[SafetyChange, ...]
    evaluation: Accuracy
    rehearsal: Accuracy
    left_out: int
    limits: Limits

    @property
    def blocking(self) -> tuple[str, ...]:
        """Why this must not be published, in words; empty where it may."""
        return tuple(_blocking(self))

    def of(self, verdict: Verdict) -> tuple[ReplyChange, ...]:
        """The changed replies with a verdict."""
        return tuple(change for change in self.replies if change.verdict == verdict)


def find_changes(
    before: Chatbot,
    after: Chatbot,
    questions: Sequence[Question],
    cases: Sequence[SafetyCase] = (),
    recent: Sequence[str] = (),
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Changes:
    """Compare two chatbots on labelled questions, the safety set, and what patients asked lately (texts).

    Make `after` with `before.with_knowledge(…)`: what is the same is then shared.
    """
    fair = [question for question in questions if _known(question, before) and _known(question, after)]
    asked = [
        *(_Asked(question, "evaluation") for question in fair),
        *(_Asked(_plain(case.text), "safety", case.tier) for case in cases),
        *(_Asked(_plain(text), "recent") for text in dict.fromkeys(recent)),
    ]
    step = _Steps(progress, 2 * len(asked))
    old, new = (_answered(bot, asked, step) for bot in (before, after))
    replies = [_compare(*both) for both in zip(asked, old, new)]
    return Changes(
        replies=tuple(change for change in replies if change.before.decided != change.after.decided),
        reworded=_reworded(replies),
        safety=tuple(_safety(asked, replies)),
        evaluation=Accuracy(_share_right(old), _share_right(new), len(fair)),
        rehearsal=_rehearsed(before, after),
        left_out=len(questions) - len(fair),
        limits=limits or Limits(),
    )


@dataclass(frozen=True)
class _Asked:
    """A message; tier: that of a safety case."""

    question: Question
    group: Group
    tier: str = ""


@dataclass(frozen=True)
class _Answered:
    """What came back for a message, and how good it is where that is known."""

    said: Said
    outcome: Outcome | None


class _Steps:
    """Counts messages for the progress."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def __call__(self, steps: int = 1) -> None:
        self._done += steps
        if self._progress:
            self._progress(self._done, self._total)


def _plain(text: str) -> Question:
    return Question(text, "", frozenset())


def _known(question: Question, bot: Chatbot) -> bool:
    """Whether the bot has the intents that a question is labelled with."""
    labels = question.together or (question.expected,)
    return all(label in bot.intents or label in {FALLBACK, SAFETY} for label in labels)


def _answered(bot: Chatbot, asked: Sequence[_Asked], step: Callable[[], None]) -> list[_Answered]:
    equal = Equal(bot.knowledge)
    turns = replay(bot, [each.question for each in asked], step)
    return [
        _Answered(
            Said.of(turn),
            judge_turn(each.question, turn, equal).outcome if each.group == "evaluation" else None,
        )
        for each, turn in zip(asked, turns)
    ]


def _compare(asked: _Asked, old: _Answered, new: _Answered) -> ReplyChange:
    verdict: Verdict = "other"
    if old.outcome and new.outcome and old.outcome != new.outcome:
        verdict = "better" if _WORTH.index(new.outcome) < _WORTH.index(old.outcome) else "worse"
    return ReplyChange(asked.question.text, asked.group, old.said, new.said, verdict, asked.question.expected)


def _reworded(replies: Iterable[ReplyChange]) -> Mapping[str, int]:
    """How many messages get other words though the decision is the same, by the intent or else the kind of reply."""
    same = [r for r in replies if r.before.decided == r.after.decided and r.before.reply != r.after.reply]
    counts = Counter(intent for change in same for intent in change.after.intents or (change.after.kind,))
    return dict(counts.most_common())


def _safety(asked: Sequence[_Asked], replies: Sequence[ReplyChange]) -> Iterator[SafetyChange]:
    """The safety set's changes of tier; of other messages those to or from a card."""
    for each, change in zip(asked, replies):
        tiers = change.before.tier, change.after.tier
        if len(set(tiers)) > 1 and (each.group == "safety" or set(tiers) & set(CARDS)):
            yield SafetyChange(change.text, *tiers, each.tier)


def _distance(tier: str, label: str) -> int:
    return abs(ORDER.index(tier) - ORDER.index(label))


def _share_right(answered: Iterable[_Answered]) -> float:
    outcomes = [each.outcome for each in answered if each.outcome]
    return outcomes.count("right") / len(outcomes) if outcomes else 1.0


def _rehearsed(before: Chatbot, after: Chatbot) -> Accuracy:
    old, new = rehearse(before), rehearse(after)
    return Accuracy(old.share(new), new.share(old), len(old.right.keys() & new.right.keys()))


def _blocking(changes: Changes) -> Iterator[str]:
    safety = [change for change in changes.safety if change.blocks]
    if safety:
        first = safety[0]
        messages = "1 message gets" if len(safety) == 1 else f"{len(safety)} messages get"
        yield f"{messages} another safety result, such as '{first.text}' ({first.before}, then {first.after})."
    for accuracy, limit, what in (
        (changes.evaluation, changes.limits.evaluation, "labelled questions"),
        (changes.rehearsal, changes.limits.rehearsal, "phrasings, each asked as if it were not known"),
    ):
        if accuracy.fall > limit:
            fall = f"from {accuracy.before:.1%} to {accuracy.after:.1%}"
            yield f"Right replies fall {fall} on the {accuracy.count} {what}; at most {limit:.1%} is allowed."
