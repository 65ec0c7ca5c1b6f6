"""Counts for the analytics page. No count under five leaves this module: a small one could point at a person."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from chatbot.storage.database import Transaction
from chatbot.storage.tables import IntentCount, Question, TurnCount, Vote

#: Counts under this are hidden (shown as None).
SMALLEST = 5


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Thumbs:
    """How many found an intent's answer helpful, and how many did not; None: too few to show."""

    intent: str
    up: int | None
    down: int | None


def hidden(number: int) -> int | None:
    """The number, unless it is so small that it is not shown; nothing at all may be shown as 0."""
    return number if number == 0 or number >= SMALLEST else None


def by_day(transaction: Transaction, period: Period) -> dict[date, dict[str, int | None]]:
    """Turns by day and kind."""
    rows = transaction.execute(
        select(TurnCount.day, TurnCount.kind, func.sum(TurnCount.number))
        .where(TurnCount.day.between(period.first, period.last))
        .group_by(TurnCount.day, TurnCount.kind)
        .order_by(TurnCount.day, TurnCount.kind)
    )
    days: dict[date, dict[str, int | None]] = {}
    for day, kind, number in rows:
        days.setdefault(day, {})[kind] = hidden(number)
    return days


def by_kind(transaction: Transaction, period: Period) -> dict[str, int | None]:
    """Turns by kind in the whole period."""
    return _turns(transaction, period, "kind")


def by_tier(transaction: Transaction, period: Period) -> dict[str, int | None]:
    """Turns by tier in the whole period, those without one left out."""
    return {tier: number for tier, number in _turns(transaction, period, "tier").items() if tier}


def by_intent(
    transaction: Transaction, period: Period, group: Callable[[str], str] = str
) -> dict[tuple[str, str], int | None]:
    """Answers, handoffs and offers by intent and kind, the most frequent first; `group` may name an intent's topic."""
    rows = transaction.execute(
        select(IntentCount.intent, IntentCount.kind, func.sum(IntentCount.number))
        .where(IntentCount.day.between(period.first, period.last))
        .group_by(IntentCount.intent, IntentCount.kind)
    )
    counts: Counter[tuple[str, str]] = Counter()
    for intent, kind, number in rows:
        counts[group(intent), kind] += number
    return {key: hidden(number) for key, number in counts.most_common()}


def thumbs(transaction: Transaction, period: Period) -> tuple[Thumbs, ...]:
    """Thumbs by intent, the most thumbs down first."""
    rows = transaction.execute(
        select(Vote.intent, Vote.helpful, func.count())
        .where(Vote.day.between(period.first, period.last), Vote.intent.is_not(None))
        .group_by(Vote.intent, Vote.helpful)
    )
    votes: dict[str, Counter[bool]] = {}
    for intent, helpful, number in rows:
        votes.setdefault(intent or "", Counter())[helpful] = number
    ordered = sorted(votes.items(), key=lambda item: (-item[1][False], item[0]))
    return tuple(Thumbs(intent, hidden(each[True]), hidden(each[False])) for intent, each in ordered)


def thumb_reasons(transaction: Transaction, period: Period) -> dict[str, int | None]:
    """Why answers did not help, in the patients' choice of words."""
    rows = transaction.execute(
        select(Vote.reason, func.count())
        .where(Vote.day.between(period.first, period.last), Vote.helpful.is_(False), Vote.reason.is_not(None))
        .group_by(Vote.reason)
        .order_by(func.count().desc(), Vote.reason)
    )
    return {reason or "": hidden(number) for reason, number in rows}


def asked(transaction: Transaction, questions: tuple[int, ...]) -> int:
    """How often these questions of the inbox were asked: what a phrasing for them would have answered."""
    total = select(func.coalesce(func.sum(Question.number), 0)).where(Question.id.in_(questions))
    return int(transaction.execute(total).scalar_one())


def _turns(transaction: Transaction, period: Period, name: str) -> dict[str, int | None]:
    column = TurnCount.kind if name == "kind" else TurnCount.tier
    rows = transaction.execute(
        select(column, func.sum(TurnCount.number))
        .where(TurnCount.day.between(period.first, period.last))
        .group_by(column)
        .order_by(column)
    )
    return {key: hidden(number) for key, number in rows}
