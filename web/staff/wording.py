"""Small words and attributes that the staff templates share, so that these need no logic of their own."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from chatbot.curation.changes import Said
from chatbot.knowledge.model import Intent
from chatbot.storage.switches import Change
from web.staff.answers import state_of

ROOMS: Mapping[str, str] = {
    "Inbox": "staff.inbox.show",
    "Answers": "staff.answers.index",
    "Draft": "staff.changes.own",
    "Test": "staff.trial.show",
    "History": "staff.history.show",
    "Analytics": "staff.analytics.show",
    "Controls": "staff.controls.show",
}
_BESIDE = {"question": "Inbox", "articles": "Answers", "exchange": "Answers", "preview": "Draft"}
KINDS: Mapping[str, str] = {
    "answer": "Answered",
    "clarify": "Offered choices",
    "handoff": "Handed to the team",
    "fallback": "No answer",
    "safety": "Safety card",
    "smalltalk": "Small talk",
}


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(percent=percent, outcome=outcome, few=few, touch=touch, state=state)
    app.jinja_env.globals.update(
        csrf=csrf,
        room=room,
        rooms=tuple(ROOMS.items()),
        kind_names=KINDS,
        ticked=lambda on: _attribute("checked", on),
        selected=lambda on: _attribute("selected", on),
        opened=lambda on: _attribute("open", on),
        this_page=lambda on: _attribute('aria-current="page"', on),
        described=described,
        invalid=lambda on: _attribute('aria-invalid="true"', on),
        here=here,
    )


def csrf() -> Markup:
    """The hidden field that shows that a form is ours."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def room(name: str) -> Markup:
    """What marks the link to the room that is shown."""
    inside = ROOMS[name].split(".")[1]
    shown = (request.endpoint or ".").split(".")[1]
    return _attribute('aria-current="page"', name == _BESIDE.get(shown) or inside == shown)


def described(problem: str | None, here: bool = True) -> Markup:
    """The attributes of a field that something is wrong with."""
    return _attribute('aria-invalid="true" aria-describedby="problem"', bool(problem) and here)


def here(**changed: Any) -> str:
    """This address with something changed in its query."""
    asked: dict[str, Any] = {name: values for name, values in request.args.lists() if name not in changed}
    return url_for(request.endpoint or "", **(request.view_args or {}), **asked, **changed)


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{share:.1%}"


def few(number: int | None) -> str:
    """A count, or that it is too small to show."""
    return "few" if number is None else f"{number:,}"


def outcome(said: Said) -> str:
    """What a patient gets, in short."""
    what = KINDS.get(said.kind, said.kind)
    return f"{what}: {', '.join(said.intents)}" if said.intents else what


def touch(change: Change | None) -> str:
    """Who set a switch, and when."""
    return f"Set by {change.who} on {change.moment:%-d %B %Y}." if change else ""


def state(intent: Intent) -> str:
    """A short name for an intent as it is."""
    return state_of(intent)


def _attribute(text: str, on: bool) -> Markup:
    return Markup(" " + text) if on else Markup("")  # noqa: S704 - the callers are in this file
