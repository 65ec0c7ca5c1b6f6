"""Controls: the off-switch and other settings, people and roles, exports, and the audit."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import cast

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from chatbot.storage import accounts, audit, inbox, switches
from chatbot.storage.accounts import Person, Role
from chatbot.storage.switches import RANGES, Value
from web.services import services
from web.staff.area import person, publishers_only, say
from web.staff.desk import desk, knowledge_of, now

controls = Blueprint("controls", __name__)

_FLAGS = ("chat", "second_person")
_ENTRIES = 50

#: A cell that begins so is a formula to a spreadsheet (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


@controls.get("/controls")
def show() -> str:
    """Everything that can be switched, and who may log in."""
    with desk().reading() as transaction:
        in_force = switches.read(transaction)
        touched = {change.name: change for change in switches.changes(transaction)}
        people = accounts.people(transaction)
    return render_template(
        "staff/controls.html",
        switches=in_force,
        touched=touched,
        ranges=RANGES,
        settings=services().settings,
        people=people,
    )


@controls.post("/controls/switch")
@publishers_only
def switch() -> AnyResponse:
    """Set one switch."""
    name = request.form.get("name", "")
    with desk().writing() as transaction:
        switches.turn(transaction, name, _value(name, request.form.get("value", "").strip()), person().email, now())
    services().live.look()
    say("Saved. It is in force here now, and on every other machine within seconds.")
    return redirect(url_for("staff.controls.show"))


@controls.post("/controls/people")
@publishers_only
def add_person() -> str:
    """Make an account; its password is set with a one-time link, which is shown once."""
    email, role = request.form.get("email", ""), cast("Role", request.form.get("role", ""))
    with desk().writing() as transaction:
        made = accounts.add(transaction, email, role, None, now(), person().email)
        token = accounts.make_reset_link(transaction, made, now(), person().email)
    return _link_page(made, token)


@controls.post("/controls/people/<int:number>")
@publishers_only
def change_person(number: int) -> AnyResponse | str:
    """Change a role, let somebody in or keep them out, or make a link with which they set a password."""
    act, by = request.form.get("act", ""), person().email
    with desk().writing() as transaction:
        whose = accounts.by_id(transaction, number)
        if whose is None:
            raise BadRequest("There is no such account.")
        if act == "link":
            return _link_page(whose, accounts.make_reset_link(transaction, whose, now(), by))
        if act in {"curator", "publisher"}:
            accounts.set_role(transaction, whose, cast("Role", act), now(), by)
        elif act in {"activate", "deactivate"}:
            accounts.set_active(transaction, whose, act == "activate", now(), by)
        else:
            raise BadRequest("Choose what to change.")
    say(f"{whose.email} is changed.")
    return redirect(url_for("staff.controls.show"))


@controls.get("/audit")
def trail() -> str:
    """Who did what and when; nothing here can be changed or removed."""
    before = request.args.get("before", type=int)
    who, act = request.args.get("who", "").strip(), request.args.get("act", "").strip()
    with desk().reading() as transaction:
        found = audit.entries(transaction, who or None, act or None, before, _ENTRIES)
    last = found[-1].id if len(found) == _ENTRIES else None
    return render_template("staff/audit.html", entries=found, who=who, act=act, last=last)


@controls.get("/export/questions.csv")
def questions_csv() -> Response:
    """The inbox for a spreadsheet."""
    with desk().reading() as transaction:
        found = inbox.items(transaction, limit=10_000)
    head = ("question", "asked", "reason", "state", "closest", "assigned", "last asked")
    rows = [(i.text, i.number, i.reason, i.state, i.intent, i.assigned, f"{i.last_seen:%Y-%m-%d}") for i in found]
    return _csv("questions.csv", head, rows)


@controls.get("/export/answers.csv")
def answers_csv() -> Response:
    """The published answers for a spreadsheet."""
    knowledge = knowledge_of(desk().files(desk().newest().number))
    head = ("id", "topic", "kind", "question", "answer", "phrasings", "reviewed")
    rows = [
        (i.id, knowledge.topic_of[i.id], i.kind, i.question, i.answer, len(i.phrasings), str(i.reviewed))
        for i in knowledge.intents()
    ]
    return _csv("answers.csv", head, rows)


def _csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([head, *([harmless(cell) for cell in row] for row in rows)])
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    # The mark tells Excel that this is UTF-8.
    return Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=disposition)


def harmless(cell: object) -> object:
    """The cell as text that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0\ufeff\u200b").startswith(_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def _value(name: str, text: str) -> Value | None:
    """What was typed, as the switch takes it; nothing typed leaves it to the environment."""
    if name in _FLAGS:
        return text == "on"
    if not text:
        return None
    try:
        return float(text) if name == "accuracy_loss" else int(text)
    except ValueError:
        raise BadRequest("Give a number, or leave the field empty for the value that was deployed.") from None


def _link_page(whose: Person, token: str) -> str:
    address = url_for("staff.account.reset", token=token, _external=True)
    return render_template("staff/link.html", whose=whose, address=address, hours=accounts.RESET_HOURS)
