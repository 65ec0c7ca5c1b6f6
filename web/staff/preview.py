"""The real widget on a draft. It sends no cookies, so the address itself carries a signed leave for some hours."""

from dataclasses import replace

from flask import Blueprint, Response, current_app, render_template, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import Forbidden, NotFound

from chatbot.bot import Chatbot
from web import schema, widget
from web.api import as_json, config_of
from web.blocks import render
from web.requests import read
from web.services import services
from web.staff.area import needs_no_form, open_to_all, person
from web.staff.desk import Work, desk

preview = Blueprint("preview", __name__)

_HOURS = 4
_SITE = "preview"


@preview.get("/draft/<int:number>/preview")
def show(number: int) -> str:
    """A page with the widget on it, which answers from the draft."""
    work = desk().work(number)
    if work is None:
        raise NotFound("This draft is not there any more.")
    desk().bot(work.files)  # the wait is here, where it is expected, and not in the chat
    leave = _leaves().dumps([number, person().id])
    script = url_for("staff.preview.script", leave=leave)
    return render_template("staff/preview.html", work=work, draft=work.draft, script=script)


@preview.get("/preview/<leave>/widget.js")
@open_to_all
def script(leave: str) -> Response:
    """The widget; it takes the address of its server from its own."""
    _work(leave)
    return widget.script()


@preview.get("/preview/<leave>/api/config")
@open_to_all
def config(leave: str) -> Response:
    """What the widget shows first."""
    return as_json(config_of(_bot(leave), enabled=True))


@preview.post("/preview/<leave>/api/chat")
@open_to_all
@needs_no_form
def chat(leave: str) -> Response:
    """Answer a message from the draft; nothing is counted or kept."""
    bot, tokens = _bot(leave), services().tokens
    sent = read(schema.ChatMessage)
    conversation, _ = tokens.conversation(sent.state, _SITE)
    turn = bot.reply(sent.message, conversation.session, choice=sent.choice)
    return as_json(
        schema.ChatReply(
            turn=tokens.turn(turn),
            kind=turn.kind,
            intents=turn.intents,
            tier=turn.tier,
            blocks=render(turn.reply.blocks),
            state=tokens.state(replace(conversation, site=_SITE), turn),
            notice=None,
        )
    )


@preview.post("/preview/<leave>/api/feedback")
@open_to_all
@needs_no_form
def feedback(leave: str) -> Response:
    """Take a thumb and forget it."""
    _work(leave)
    return Response(status=204)


def _leaves() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="preview")


def _work(leave: str) -> Work:
    """The draft that somebody was given leave to try."""
    try:
        number, _ = _leaves().loads(leave, max_age=_HOURS * 3_600)
    except (BadSignature, ValueError):
        raise Forbidden("This preview has ended. Open it again from the draft.") from None
    work = desk().work(number)
    if work is None:
        raise NotFound("This draft is not there any more.")
    return work


def _bot(leave: str) -> Chatbot:
    return desk().bot(_work(leave).files)
