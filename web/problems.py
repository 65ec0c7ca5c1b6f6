"""Refusals and failures (RFC 9457). Each says whom to call if it is urgent; an alarming message still gets its card."""

import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from chatbot.dialogue.reply import safety_card
from chatbot.dialogue.safety import Alert
from web import schema
from web.blocks import render
from web.requests import said
from web.services import services

_log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer every error of the app with a problem."""
    app.register_error_handler(HTTPException, problem)
    app.register_error_handler(Exception, failure)


def failure(error: Exception) -> Response:
    """A fault of ours: logged by its kind and place, since its text may quote the patient."""
    _log.error("a request failed", exc_info=error)
    return problem(InternalServerError())


def problem(error: HTTPException) -> Response:
    """The problem that tells of an error."""
    knowledge = services().live.bot.knowledge
    alert = _alert()
    body = schema.Problem(
        type="about:blank",
        title=error.name,
        status=error.code or InternalServerError.code,
        detail=error.description or error.name,
        safety_line=knowledge.safety.fill(knowledge.safety.lines.caution),
        phone=knowledge.clinic.phone,
        booking_url=str(knowledge.clinic.booking_url),
        tier=alert.tier if alert else None,
        blocks=render(safety_card(alert, knowledge.safety)) if alert else (),
    )
    if _is_for_a_person():
        response = Response(render_template("error.html", problem=body), body.status)
    else:
        response = Response(body.json_bytes(), body.status, content_type="application/problem+json")
    response.headers.extend([(name, value) for name, value in error.get_headers() if name in {"Allow", "Retry-After"}])
    return response


def _is_for_a_person() -> bool:
    """Whether a browser has asked for a page, rather than a program for data."""
    forms = request.accept_mimetypes
    return not request.path.startswith("/api/") and forms["text/html"] > forms["application/json"]


def _alert() -> Alert | None:
    """The alert of the message in this request, if it has one: no refusal comes before the safety gate."""
    if request.method != "POST" or request.blueprint != "api":
        return None
    try:
        return services().live.bot.alarm.gate(said()).alert
    except Exception:  # noqa: BLE001 - a refusal that fails would tell the patient nothing at all
        _log.exception("the safety gate failed on a refusal")
        return None
