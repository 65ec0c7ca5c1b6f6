"""Analytics: counts by day, what is asked, what is missing, and what each fix would be worth."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template, request

from chatbot.knowledge.model import Intent, Knowledge, Review
from chatbot.storage import analytics as counts
from chatbot.storage import inbox
from chatbot.storage.analytics import Period, Thumbs
from chatbot.storage.inbox import Item
from web.services import services
from web.staff.desk import desk, now
from web.staff.inbox import Group, in_groups
from web.staff.plots import Bars, svg

analytics = Blueprint("analytics", __name__)

DAYS = (7, 30, 90, 365)
_KINDS = ("answer", "clarify", "handoff", "fallback", "safety", "smalltalk")
_TOP = 15


@dataclass(frozen=True)
class Fix:
    """An intent, and the questions of the inbox that it came closest to without answering: what a fix is worth."""

    id: str
    question: str
    groups: tuple[Group, ...]

    @property
    def worth(self) -> int:
        """How many questions phrasings for them would have answered."""
        return sum(group.asked for group in self.groups)

    @property
    def phrasings(self) -> int:
        """How many phrasings that takes: one for each group."""
        return len(self.groups)

    @property
    def ids(self) -> str:
        """The questions, for an address."""
        return ",".join(group.ids for group in self.groups)


@analytics.get("/analytics")
def show() -> str:
    """The counts of the last days."""
    days = request.args.get("days", type=int, default=30)
    days = days if days in DAYS else 30
    today = now().date()
    period = Period(today - timedelta(days=days - 1), today)
    knowledge = services().live.bot.knowledge
    with desk().reading() as transaction:
        by_day = counts.by_day(transaction, period)
        kinds = counts.by_kind(transaction, period)
        tiers = counts.by_tier(transaction, period)
        intents = counts.by_intent(transaction, period)
        topics = counts.by_intent(transaction, period, lambda name: knowledge.topic_of.get(name, "retired"))
        thumbs = counts.thumbs(transaction, period)
        why = counts.thumb_reasons(transaction, period)
        waiting = inbox.items(transaction, ("new", "urgent"))
    return render_template(
        "staff/analytics.html",
        days=days,
        choices=DAYS,
        plot=svg(_bars(by_day, period)),
        by_day=_table(by_day, period),
        kinds=_KINDS,
        totals=kinds,
        tiers=tiers,
        intents=_named(intents, knowledge)[:_TOP],
        topics=list(topics.items())[:_TOP],
        thumbs=_votes(thumbs, knowledge),
        thumb_reasons=why,
        fixes=_fixes(waiting, knowledge),
        stale=_stale(knowledge, today),
        pending=sum(intent.reviewed == "pending" for intent in knowledge.intents()),
        total=len(knowledge.by_id),
        smallest=counts.SMALLEST,
    )


def _bars(by_day: Mapping[date, Mapping[str, int | None]], period: Period) -> Bars:
    """The plot's numbers; what is too small to show is not drawn either."""
    shown = {day: {kind: number or 0 for kind, number in by_day.get(day, {}).items()} for day in _days(period)}
    return Bars("Messages by day", _KINDS, shown)


def _table(
    by_day: Mapping[date, Mapping[str, int | None]], period: Period
) -> list[tuple[date, Mapping[str, int | None]]]:
    return [(day, by_day[day]) for day in reversed(_days(period)) if day in by_day]


def _days(period: Period) -> list[date]:
    return [period.first + timedelta(days=number) for number in range((period.last - period.first).days + 1)]


def _named(
    intents: Mapping[tuple[str, str], int | None], knowledge: Knowledge
) -> list[tuple[str, str, str, int | None]]:
    return [(name, _question(name, knowledge), kind, number) for (name, kind), number in intents.items()]


def _votes(thumbs: Sequence[Thumbs], knowledge: Knowledge) -> list[tuple[Thumbs, str]]:
    return [(each, _question(each.intent, knowledge)) for each in thumbs][:_TOP]


def _question(name: str, knowledge: Knowledge) -> str:
    intent = knowledge.by_id.get(name)
    return intent.question if intent else name


def _fixes(waiting: Sequence[Item], knowledge: Knowledge) -> list[Fix]:
    """The intents whose near misses were asked most often."""
    near: dict[str, list[Group]] = {}
    for group in in_groups(waiting):
        closest = Counter(item.intent for item in group.items if item.intent in knowledge.by_id).most_common(1)
        if closest:
            near.setdefault(str(closest[0][0]), []).append(group)
    fixes = [Fix(name, _question(name, knowledge), tuple(groups)) for name, groups in near.items()]
    return sorted(fixes, key=lambda fix: -fix.worth)[:_TOP]


def _stale(knowledge: Knowledge, today: date) -> list[Intent]:
    """The answers whose review is due."""
    return [i for i in knowledge.intents() if isinstance(i.reviewed, Review) and i.reviewed.due <= today]
