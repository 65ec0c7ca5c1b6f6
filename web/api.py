"""The chat's HTTP API."""

import json

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound, ServiceUnavailable

from chatbot.bot import Chatbot
from web import cors, schema
from web.blocks import phone_link, render
from web.openapi import description
from web.requests import read
from web.services import services

api = Blueprint("api", __name__, url_prefix="/api")
api.after_request(cors.allow)

_DESCRIPTION = json.dumps(description())

_NOTICES = {
    "expired": "It has been a while, so this is a new conversation.",
    "unknown": "The earlier conversation could not be continued, so this is a new one.",
}


@api.post("/chat")
def chat() -> Response:
    """Answer a message."""
    with_us = services()
    state = with_us.live.state
    with_us.limits.count("address", _address(), with_us.settings.limit_address)
    sent = read(schema.ChatMessage)
    conversation, trouble = with_us.tokens.conversation(sent.state, cors.site())
    if sent.state and not trouble:
        with_us.limits.count("conversation", conversation.id, with_us.settings.limit_session)
    if not state.enabled:
        raise ServiceUnavailable("The chat is switched off at the moment. Please phone the clinic.")
    turn = state.bot.reply(sent.message, conversation.session, choice=sent.choice)
    with_us.records.turn(turn)
    with_us.metrics.turn(turn)
    return as_json(
        schema.ChatReply(
            turn=with_us.tokens.turn(turn),
            kind=turn.kind,
            intents=turn.intents,
            tier=turn.tier,
            blocks=render(turn.reply.blocks),
            state=with_us.tokens.state(conversation, turn),
            notice=_NOTICES[trouble] if trouble else None,
        )
    )


@api.post("/feedback")
def feedback() -> Response:
    """Take a thumb."""
    with_us = services()
    with_us.limits.count("feedback", _address(), with_us.settings.limit_address)
    sent = read(schema.FeedbackMessage)
    turn = with_us.tokens.kept_turn(sent.turn)
    if turn is None:
        raise NotFound("There is no such turn.")
    with_us.records.feedback(turn, sent)
    with_us.metrics.feedback(sent.helpful)
    return Response(status=204)


@api.get("/config")
def config() -> Response:
    """What the widget shows first."""
    state = services().live.state
    return as_json(config_of(state.bot, state.enabled))


@api.get("/openapi.json")
def openapi() -> Response:
    """This API, described for programs."""
    return Response(_DESCRIPTION, content_type="application/json")


def config_of(bot: Chatbot, enabled: bool) -> schema.Config:
    """What the widget shows first of a chatbot."""
    clinic, safety = bot.knowledge.clinic, bot.knowledge.safety
    starters = [bot.intents[name] for name in clinic.starters]
    return schema.Config(
        enabled=enabled,
        name=clinic.name,
        greeting=clinic.greeting,
        starters=tuple(schema.Choice(intent=each.id, question=each.question) for each in starters),
        phone=clinic.phone,
        phone_link=phone_link(clinic.phone),
        booking_url=str(clinic.booking_url),
        safety_line=safety.fill(safety.lines.caution),
        privacy_url=f"{request.host_url}privacy",
        max_message=schema.MAX_MESSAGE,
        retention_days=services().settings.retention_days,
    )


def _address() -> str:
    return request.remote_addr or "unknown"


def as_json(body: schema.Response) -> Response:
    """A model as a response that nothing stores."""
    return Response(body.json_bytes(), content_type="application/json", headers={"Cache-Control": "no-store"})
