"""The inbox: questions that were not answered well, similar ones together, and what to do with them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import cast, get_args

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from chatbot.curation.grouping import grouped
from chatbot.knowledge.edit import remove_phrasing
from chatbot.knowledge.edit_scope import remove_out_of_scope
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.storage import inbox as storage
from chatbot.storage.inbox import Item
from chatbot.storage.tables import Reason, State
from web.services import services
from web.staff.area import person, safe_next, say
from web.staff.desk import desk, knowledge_of, now

inbox = Blueprint("inbox", __name__)

STATES = cast("tuple[State, ...]", get_args(State))
REASONS = cast("tuple[Reason, ...]", get_args(Reason))
_OPEN: tuple[State, ...] = ("new", "urgent")

#: Questions that are put into groups at once; more are on the next page, or found with the filters.
_MOST = 400
_GROUPS_SHOWN = 30


@dataclass(frozen=True)
class Group:
    """Questions that mean about the same, the most asked one first."""

    items: tuple[Item, ...]

    @property
    def asked(self) -> int:
        """How often they were asked together."""
        return sum(item.number for item in self.items)

    @property
    def last_seen(self) -> datetime:
        """When one of them was asked last."""
        return max(item.last_seen for item in self.items)

    @property
    def urgent(self) -> bool:
        """Whether staff marked one as urgent."""
        return any(item.state == "urgent" for item in self.items)

    @property
    def ids(self) -> str:
        """The ids for an address."""
        return ",".join(str(item.id) for item in self.items)


@dataclass(frozen=True)
class Filter:
    """What the address asks for."""

    states: tuple[State, ...]
    reasons: tuple[Reason, ...]
    words: str
    page: int

    @classmethod
    def of(cls, asked: MultiDict[str, str]) -> "Filter":
        """The filter in an address; what it does not know is left out."""
        states = tuple(state for state in STATES if state in asked.getlist("state"))
        reasons = tuple(reason for reason in REASONS if reason in asked.getlist("reason"))
        page = asked.get("page", "1")
        number = int(page) if page.isdecimal() and len(page) < 6 else 1
        return cls(states or _OPEN, reasons, asked.get("words", "").strip()[:200], max(number, 1))


@inbox.get("/inbox")
def show() -> str:
    """The groups that fit the filter."""
    wanted = Filter.of(request.args)
    with desk().reading() as transaction:
        items = storage.items(transaction, wanted.states, wanted.reasons, wanted.words or None, limit=_MOST)
        counts = storage.state_counts(transaction)
    groups = in_groups(items)
    first = (wanted.page - 1) * _GROUPS_SHOWN
    return render_template(
        "staff/inbox.html",
        groups=groups[first : first + _GROUPS_SHOWN],
        total=len(groups),
        asked=sum(group.asked for group in groups),
        wanted=wanted,
        states=STATES,
        reasons=REASONS,
        counts=counts,
        pages=-(-len(groups) // _GROUPS_SHOWN),
        keeps=services().settings.retention_days,
    )


@inbox.post("/inbox")
def settle() -> Response:
    """Put the ticked questions into another state."""
    state = next((state for state in STATES if state == request.form.get("state")), None)
    if state is None:
        raise BadRequest("Choose what to do with the questions.")
    put(ticked(), state)
    return redirect(safe_next(request.form.get("next")))


@inbox.post("/inbox/undo")
def undo() -> Response:
    """Take back what was done to questions, also in the draft."""
    back = Undo(
        act=request.form.get("act", type=int, default=0),
        intent=request.form.get("intent", ""),
        marks=tuple(request.form.getlist("mark")),
    )
    if back.marks:
        desk().edit(person().email, back.without)
    with desk().writing() as transaction:
        restored = storage.undo(transaction, back.act, person().email, now())
    say(f"Undone: {counted(restored)} {'is' if restored == 1 else 'are'} as before.")
    return redirect(safe_next(request.form.get("next")))


@dataclass(frozen=True)
class Undo:
    """What to take back: an act of the inbox and, by their marks, texts that it put into the draft."""

    act: int = 0
    intent: str = ""
    marks: tuple[str, ...] = ()

    def without(self, files: KnowledgeFiles) -> KnowledgeFiles:
        """The files without those texts; one that is gone already does not matter."""
        knowledge = knowledge_of(files)
        known = knowledge.by_id.get(self.intent)
        for text in known.phrasings if known else knowledge.out_of_scope:
            if mark(text) in self.marks:
                files = remove_phrasing(files, self.intent, text) if known else remove_out_of_scope(files, text)
        return files


def mark(text: str) -> str:
    """A short name for a text, since a cookie has no room for texts."""
    return sha256(text.encode()).hexdigest()[:10]


def put(ids: Sequence[int], state: State, assigned: str | None = None, undo: Undo | None = None) -> None:
    """Put questions into a state, which the next page offers to undo."""
    with desk().writing() as transaction:
        act = storage.settle(transaction, ids, state, person().email, now(), assigned)
    say(f"{counted(len(ids))} put to “{state}”.")
    flash(asdict(replace(undo or Undo(), act=act)), "undo")  # type: ignore[arg-type]  # anything that JSON holds


def follow_live() -> None:
    """After publishing: a question given to an intent is done once that answers it, and new where it no longer does."""
    bot = services().live.bot
    with desk().writing() as transaction:
        for item in storage.items(transaction, states=["pending", "done"]):
            decisions = [part.decision for part in bot.reply(item.text).parts]
            answered = any(each.answered and item.assigned in each.intents for each in decisions)
            after: State = "done" if answered else "new"
            if item.assigned and (item.state, after) in {("pending", "done"), ("done", "new")}:
                assigned = item.assigned if answered else None
                storage.settle(transaction, [item.id], after, person().email, now(), assigned)


def ticked() -> tuple[int, ...]:
    """The ids of the questions that the form names."""
    ids = [part for value in request.form.getlist("id") for part in value.split(",")]
    return numbers(ids)


def numbers(parts: Sequence[str]) -> tuple[int, ...]:
    """Ids as numbers.

    Raises:
        BadRequest: there are none, or something else is among them.
    """
    if not parts or not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise BadRequest("Tick at least one question.")
    return tuple(dict.fromkeys(map(int, parts)))


def in_groups(items: Sequence[Item]) -> tuple[Group, ...]:
    """The questions in groups, urgent ones and then the most asked first."""
    found = grouped([item.text for item in items], services().live.bot)
    groups = [Group(tuple(items[place] for place in group)) for group in found]
    return tuple(sorted(groups, key=lambda group: (group.urgent, group.asked, group.last_seen), reverse=True))


def counted(number: int) -> str:
    """So many questions, in words."""
    return "1 question" if number == 1 else f"{number} questions"
