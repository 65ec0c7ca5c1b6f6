"""History: every revision with who, when and why; what it changed; and going back."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from chatbot.storage import baseline, revisions
from chatbot.storage.audit import note
from web.services import services
from web.staff.area import person, publishers_only, say
from web.staff.desk import desk, knowledge_of, now
from web.staff.differences import differences
from web.staff.inbox import follow_live

history = Blueprint("history", __name__)

_PAGE = 30


@history.get("/history")
def show() -> str:
    """The revisions, newest first."""
    newest = desk().newest()
    words = request.args.get("words", "").strip()[:200]
    before = request.args.get("before", type=int)
    with desk().reading() as transaction:
        found = revisions.history(transaction, words=words or None, before=before, limit=_PAGE)
        waits = baseline.waits_for_export(transaction)
    return render_template(
        "staff/history.html",
        revisions=found,
        newest=newest,
        words=words,
        waits=waits,
        last=found[-1].number if len(found) == _PAGE else None,
        live=services().live.state.revision,
    )


@history.get("/history/<int:number>")
def revision(number: int) -> str:
    """What a revision changed, beside the one before it or another one."""
    against = request.args.get("against", type=int, default=number - 1)
    with desk().reading() as transaction:
        found = revisions.get(transaction, number)
        older = revisions.files(transaction, against) if against else None
        files = revisions.files(transaction, number)
    knowledge = knowledge_of(files)
    return render_template(
        "staff/revision.html",
        revision=found,
        newest=desk().newest(),
        against=against,
        differences=differences(knowledge_of(older), knowledge) if older else (),
        total=len(knowledge.by_id),
    )


@history.post("/history/<int:number>/rollback")
@publishers_only
def roll_back(number: int) -> Response | tuple[str, int]:
    """Publish an earlier revision again, as a new one."""
    comment = request.form.get("comment", "").strip()
    who = person().email
    with desk().writing() as transaction:
        made = revisions.roll_back(transaction, number, who, comment, now())
        note(transaction, who, "rolled back", now(), revision=made.number, to=number)
    services().live.look()
    follow_live()
    say(f"Patients get the answers of revision {number} again; this is revision {made.number}.")
    return redirect(url_for("staff.history.show"))
