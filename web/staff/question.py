"""One question of the inbox, or a group of them: what it may mean, and giving it to an intent."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from chatbot.errors import EditError
from chatbot.knowledge.edit import add_phrasings
from chatbot.knowledge.edit_scope import add_out_of_scope
from chatbot.knowledge.model import Knowledge
from chatbot.knowledge.typed_text import one_line
from chatbot.storage import inbox as storage
from chatbot.storage.inbox import Item
from web.services import services
from web.staff.area import person, say
from web.staff.desk import desk, knowledge_of
from web.staff.inbox import STATES, Undo, in_groups, mark, numbers, put, ticked
from web.staff.why import Candidate, candidates, reasons

question = Blueprint("question", __name__)

_SUGGESTED = 3
_NEAR = 8

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Rewriting:
    """Questions as staff rewrote them, those that they ticked, and the intent that they chose."""

    texts: dict[int, str]
    used: frozenset[int]
    intent: str = ""

    @classmethod
    def untouched(cls, items: Sequence[Item]) -> "Rewriting":
        """The questions as they were typed, all of them ticked."""
        return cls({item.id: item.text for item in items}, frozenset(item.id for item in items))

    @classmethod
    def of_form(cls, items: Sequence[Item]) -> "Rewriting":
        """What was sent."""
        texts = {item.id: one_line(request.form.get(f"text-{item.id}", "")) for item in items}
        used = frozenset(item.id for item in items if request.form.get(f"use-{item.id}"))
        return cls(texts, used, request.form.get("other") or request.form.get("intent", ""))

    @property
    def kept(self) -> list[str]:
        """The texts that are ticked and not empty."""
        return [text for number, text in self.texts.items() if text and number in self.used]


@question.get("/questions/<ids>")
def show(ids: str) -> str:
    """The questions, with the likely intents and why."""
    items = _items(ids)
    return _page(items, Rewriting.untouched(items))


@question.get("/questions/merge")
def merge() -> Response:
    """Look at several questions as one."""
    found = numbers([part for value in request.args.getlist("id") for part in value.split(",")])
    return redirect(url_for("staff.question.show", ids=",".join(map(str, found))))


@question.post("/questions/<ids>/phrasings")
def assign(ids: str) -> Page:
    """Add the texts, as rewritten, to an intent in the draft."""
    items = _items(ids)
    said = Rewriting.of_form(items)
    if not said.intent or not said.kept:
        return _page(items, said, "Tick a question that has text." if said.intent else "Choose an answer."), 422
    try:
        work = desk().edit(person().email, lambda files: add_phrasings(files, said.intent, said.kept))
    except EditError as error:
        return _page(items, said, str(error)), 422
    used = [item.id for item in items if item.id in said.used]
    marks = tuple(mark(text) for text in said.kept)
    put(used, "pending", said.intent, Undo(intent=said.intent, marks=marks))
    name = knowledge_of(work.files).by_id[said.intent].question
    say(f"Added to your draft, under “{name}”. It is not live yet: look at what changes, then publish.")
    return redirect(url_for("staff.changes.own"))


@question.post("/questions/<ids>/out-of-scope")
def out_of_scope(ids: str) -> Page:
    """Teach the draft that no answer fits these."""
    items = _items(ids)
    said = Rewriting.of_form(items)
    try:
        desk().edit(person().email, lambda files: add_out_of_scope(files, said.kept))
    except EditError as error:
        return _page(items, said, str(error)), 422
    marks = tuple(mark(text) for text in said.kept)
    put([item.id for item in items if item.id in said.used], "pending", undo=Undo(marks=marks))
    say("Added to your draft as out of scope: the chat will send these to the team.")
    return redirect(url_for("staff.inbox.show"))


@question.post("/questions/assign")
def assign_many() -> Response:
    """From the inbox: look at the ticked questions together, to rewrite and assign them."""
    return redirect(url_for("staff.question.show", ids=",".join(map(str, ticked()))))


def _items(ids: str) -> tuple[Item, ...]:
    with desk().reading() as transaction:
        found = storage.get(transaction, numbers(ids.split(",")))
    if not found:
        raise NotFound("These questions are not there any more: they are deleted after the retention time.")
    return tuple(sorted(found, key=lambda item: (-item.number, item.id)))


def _page(items: Sequence[Item], said: Rewriting, problem: str = "") -> str:
    bot = services().live.bot  # what patients meet; fitting the draft would take seconds
    parts = bot.reply(items[0].text).parts
    suggested = candidates(bot.matcher.rank(bot.reader.read(items[0].text).text, top=_SUGGESTED), bot)
    return render_template(
        "staff/question.html",
        items=items,
        said=said,
        ids=",".join(str(item.id) for item in items),
        asked=sum(item.number for item in items),
        reasons=reasons(parts, bot),
        suggested=suggested,
        chosen=said.intent or items[0].assigned or _first(suggested),
        topics=topics(knowledge_of(desk().work_of(person().email).files)),
        near=_near(items),
        states=STATES,
        problem=problem,
    )


def topics(knowledge: Knowledge) -> list[tuple[str, list[tuple[str, str]]]]:
    """The names of the topics, each with the ids and questions of its intents: for a list to choose from."""
    names = knowledge.lexicon.topics
    return [
        (names[t.topic].name if t.topic in names else t.topic, [(i.id, i.question) for i in t.intents])
        for t in knowledge.topics
    ]


def _first(suggested: Sequence[Candidate]) -> str:
    return suggested[0].id if suggested else ""


def _near(items: Sequence[Item]) -> tuple[Item, ...]:
    """Open questions like these that are not on the page: they can be taken along."""
    with desk().reading() as transaction:
        waiting = storage.items(transaction, ("new", "urgent"), limit=400)
    here = {item.id for item in items}
    groups = in_groups([*items, *(item for item in waiting if item.id not in here)])
    alike = [item for group in groups if here & {each.id for each in group.items} for item in group.items]
    return tuple(item for item in alike if item.id not in here)[:_NEAR]
