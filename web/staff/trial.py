"""The test page: type a question, see exactly what a patient would get, and why."""

from flask import Blueprint, render_template, request, url_for

from web.rendering import rendered
from web.services import services
from web.staff.area import person
from web.staff.desk import desk
from web.staff.why import reasons

trial = Blueprint("trial", __name__)

_LONGEST = 1_000


@trial.get("/test")
def show() -> str:
    """What the live knowledge, or one's draft, says to a question."""
    text = request.args.get("q", "").strip()[:_LONGEST]
    work = desk().work_of(person().email)
    on_draft = request.args.get("on") == "draft" and work.changed
    if not text:
        return render_template("staff/trial.html", text=text, work=work, on_draft=on_draft, turn=None)
    bot = desk().bot(work.files) if on_draft else services().live.bot
    turn = bot.reply(text)
    return render_template(
        "staff/trial.html",
        text=text,
        work=work,
        on_draft=on_draft,
        turn=turn,
        reply=rendered(turn.reply.blocks, url_for("pages.faq")),
        reasons=reasons(turn.parts, bot),
    )
