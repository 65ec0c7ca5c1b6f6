"""The editor: every intent, its fields, and advice while they are written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from chatbot.dialogue.reply import markdown
from chatbot.errors import EditError
from chatbot.knowledge.edit import add_intents, retire_intent, update_intent
from chatbot.knowledge.edit_base import with_fields
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.model import Intent, Knowledge, Review
from chatbot.storage import inbox as storage
from web.rendering import rendered
from web.staff.advice import Advice, advise
from web.staff.area import person, say
from web.staff.desk import Work, desk, knowledge_of
from web.staff.inbox import put
from web.staff.question import topics

answers = Blueprint("answers", __name__)

_CLINIC = "clinic"
_YEAR = timedelta(days=365)

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Form:
    """The fields as they stand in the form, so that nothing typed is ever lost."""

    id: str
    topic: str
    question: str
    kind: str
    answer: str
    phrasings: str
    source: tuple[str, ...]
    related: tuple[str, ...]
    safety_line: bool
    reviewer: str = ""
    seen: str = ""

    @classmethod
    def of_intent(cls, intent: Intent, topic: str) -> "Form":
        """The fields of an intent."""
        named = intent.source if isinstance(intent.source, tuple) else ()
        source = (_CLINIC,) if intent.source == _CLINIC else tuple(f"{each.article}/{each.section}" for each in named)
        return cls(
            id=intent.id,
            topic=topic,
            question=intent.question,
            kind=intent.kind,
            answer=intent.answer.strip(),
            phrasings="\n".join(intent.phrasings),
            source=source,
            related=intent.related,
            safety_line=intent.safety_line,
            seen=state_of(intent),
        )

    @classmethod
    def sent(cls, name: str = "") -> "Form":
        """What was sent."""
        sent = request.form
        return cls(
            id=name or sent.get("id", "").strip(),
            topic=sent.get("topic", ""),
            question=sent.get("question", ""),
            kind=sent.get("kind", "answer"),
            answer=sent.get("answer", "").replace("\r\n", "\n"),
            phrasings=sent.get("phrasings", "").replace("\r\n", "\n"),
            source=tuple(sent.getlist("source")),
            related=tuple(sent.getlist("related")),
            safety_line="safety_line" in sent,
            reviewer=sent.get("reviewer", "").strip(),
            seen=sent.get("seen", ""),
        )

    @property
    def fields(self) -> dict[str, Any]:
        """The fields by their names in the files."""
        named = [dict(zip(("article", "section"), each.split("/", 1))) for each in self.source if "/" in each]
        fields: dict[str, Any] = {
            "question": self.question.strip(),
            "kind": self.kind,
            "answer": self.answer,
            "phrasings": tuple(line.strip() for line in self.phrasings.splitlines() if line.strip()),
            "source": _CLINIC if _CLINIC in self.source else (tuple(named) or None),
            "related": tuple(name for name in self.related if name),
            "safety_line": self.safety_line,
        }
        return fields


@answers.get("/answers")
def index() -> str:
    """All intents, or those that have the words."""
    words = request.args.get("words", "").strip()
    work = desk().work_of(person().email)
    knowledge = knowledge_of(work.files)
    found = [intent for intent in knowledge.intents() if _has(intent, words.lower())]
    return render_template(
        "staff/answers.html",
        work=work,
        words=words,
        found=found,
        topic_of=knowledge.topic_of,
        today=date.today(),
        published=knowledge_of(work.base).by_id,
    )


@answers.get("/answers/<name>")
def show(name: str) -> str:
    """The form for an intent."""
    work = desk().work_of(person().email)
    knowledge = knowledge_of(work.files)
    return _page(Form.of_intent(_intent(knowledge, name), knowledge.topic_of[name]), work)


@answers.post("/answers/<name>")
def save(name: str) -> Page:
    """Save the fields in the draft, unless somebody changed them since the form was opened."""
    form = Form.sent(name)
    work = desk().work_of(person().email)
    now_there = knowledge_of(work.files).by_id.get(name)
    if request.form.get("advise"):
        return _page(form, work)
    if now_there is None or form.seen != state_of(now_there):
        return _page(form, work, theirs=now_there, conflict=True), 409
    fields = form.fields | ({"reviewed": _review(form)} if form.reviewer else {})
    try:
        desk().edit(person().email, lambda files: _reviewed_last(files, name, fields))
    except EditError as error:
        return _page(form, work, problem=str(error)), 422
    say("Saved in your draft. It is not live yet: look at what changes, then publish.")
    return redirect(url_for("staff.answers.show", name=name))


@answers.get("/answers/new")
def new() -> str:
    """The form for a new intent; questions of the inbox may be its first phrasings."""
    asked = _asked()
    form = Form("", request.args.get("topic", ""), "", "answer", "", "\n".join(asked), (), (), safety_line=True)
    return _page(form, desk().work_of(person().email), new=True, questions=request.args.get("questions", ""))


@answers.post("/answers/new")
def add() -> Page:
    """Add a new intent to the draft."""
    form = Form.sent()
    work = desk().work_of(person().email)
    questions = request.form.get("questions", "")
    again = {"questions": questions, "passage": request.form.get("passage", "")}
    if request.form.get("advise"):
        return _page(form, work, new=True, **again)
    try:
        intent = _new_intent(form)
        desk().edit(person().email, lambda files: add_intents(files, form.topic, [intent]))
    except EditError as error:
        return _page(form, work, new=True, problem=str(error), **again), 422
    ids = [int(part) for part in questions.split(",") if part.isdecimal()]
    if ids:
        put(ids, "pending", intent.id)
    say("The new answer is in your draft. It is not live yet: look at what changes, then publish.")
    return redirect(url_for("staff.answers.show", name=intent.id))


@answers.post("/answers/begin")
def begin() -> str:
    """The form for an answer that an article has the passage for; the answer itself is for a person to write."""
    form = replace(Form.sent(), answer="", safety_line=True)
    return _page(form, desk().work_of(person().email), new=True, passage=request.form.get("passage", ""))


@answers.post("/answers/<name>/retire")
def retire(name: str) -> Response:
    """Take an intent out of the draft."""
    desk().edit(person().email, lambda files: retire_intent(files, name))
    say(f"{name} is taken out in your draft. It stays live until you publish.")
    return redirect(url_for("staff.answers.index"))


def _page(form: Form, work: Work, new: bool = False, **shown: Any) -> str:
    knowledge = knowledge_of(work.files)
    return render_template(
        "staff/answer.html",
        form=form,
        work=work,
        intent=None if new else knowledge.by_id.get(form.id),
        advice=_advice(form, knowledge),
        preview=rendered(markdown(form.answer)),
        topics=topics(knowledge),
        topic_names=[(topic.topic, name) for topic, (name, _) in zip(knowledge.topics, topics(knowledge))],
        sources=_sources(knowledge),
        **{"problem": "", "conflict": False, "theirs": None, "questions": "", "passage": "", **shown},
    )


def _advice(form: Form, knowledge: Knowledge) -> Sequence[Advice]:
    return advise(form.answer, form.fields["phrasings"], knowledge) if form.answer.strip() else ()


def _sources(knowledge: Knowledge) -> list[tuple[str, list[tuple[str, str]]]]:
    """The articles, each with the values and names of its sections."""
    return [
        (article.title, [(f"{name}/{section}", section) for section in article.sections])
        for name, article in knowledge.articles.items()
    ]


def _intent(knowledge: Knowledge, name: str) -> Intent:
    if name not in knowledge.by_id:
        raise NotFound("There is no such answer. It may have been taken out.")
    return knowledge.by_id[name]


def _new_intent(form: Form) -> Intent:
    """The intent in the form.

    Raises:
        EditError: a field is missing or cannot be used.
    """
    blank = Intent(id="blank", question="?", kind="answer", phrasings=("?",), answer="?")
    return with_fields(blank, id=form.id, **form.fields)


def _reviewed_last(files: KnowledgeFiles, name: str, fields: dict[str, Any]) -> KnowledgeFiles:
    """The texts first: changing them takes an earlier signature away, and a new one is for the new texts."""
    signed = fields.pop("reviewed", None)
    files = update_intent(files, name, **fields)
    return update_intent(files, name, reviewed=signed) if signed else files


def _review(form: Form) -> Review:
    today = date.today()
    return Review(by=form.reviewer, on=today, due=today + _YEAR)


def _asked() -> tuple[str, ...]:
    """The texts of the questions that the address names."""
    ids = [int(part) for part in request.args.get("questions", "").split(",") if part.isdecimal() and len(part) < 10]
    with desk().reading() as transaction:
        return tuple(item.text for item in storage.get(transaction, ids)) if ids else ()


def _has(intent: Intent, words: str) -> bool:
    texts = (intent.id, intent.question, intent.answer, *intent.phrasings)
    return all(any(word in text.lower() for text in texts) for word in words.split())


def state_of(intent: Intent) -> str:
    """A short name for an intent as it is, which tells whether it changed."""
    return sha256(intent.model_dump_json().encode()).hexdigest()[:16]
