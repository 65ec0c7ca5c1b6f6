"""The pages for everybody: questions and answers, privacy, putting the chat on a website. None needs JavaScript."""

from html import escape
from typing import Any

from flask import Blueprint, Flask, render_template, request, url_for
from markupsafe import Markup

from chatbot.dialogue.reply import contact
from chatbot.knowledge.model import Knowledge
from web import faq as answers
from web.rendering import dialled, rendered
from web.services import services

pages = Blueprint("pages", __name__)

#: A search is read up to here; the safety gate reads all of it.
_LONGEST_SEARCH = 10_000


def install(app: Flask) -> None:
    """Give the app these pages, and all templates what they share."""
    app.register_blueprint(pages)
    app.add_template_filter(rendered)
    app.add_template_filter(dialled)
    app.context_processor(_shared)


@pages.get("/faq")
def faq() -> str:
    """Every curated answer by topic, or what a search finds."""
    with_us = services()
    text = request.args.get("q", "")[:_LONGEST_SEARCH].strip()
    knowledge = with_us.live.bot.knowledge
    if text:
        return _found(text, knowledge)
    signed, total = answers.reviewed(knowledge)
    return render_template(
        "faq.html",
        sections=answers.sections(knowledge),
        linked_data=answers.linked_data(knowledge, _address()),
        address=_address(),
        signed=signed,
        total=total,
    )


def _found(text: str, knowledge: Knowledge) -> str:
    """What the chat would say, safety gate and all, and beside it the questions with these words."""
    with_us = services()
    with_us.limits.count("address", request.remote_addr or "unknown", with_us.settings.limit_address)
    state = with_us.live.state
    turn = state.bot.reply(text)
    alarming = turn.kind == "safety"
    said = turn.reply.blocks if alarming or state.enabled else contact(knowledge.clinic)
    return render_template(
        "faq_found.html",
        text=text,
        reply=rendered(said, url_for("pages.faq")),
        worded=() if alarming else answers.containing(knowledge, text),
        alarming=alarming,
    )


@pages.get("/privacy")
def privacy() -> str:
    """What is kept, how long, why, and how to complain, by the settings in force."""
    settings = services().settings
    return render_template("privacy.html", settings=settings)


@pages.get("/embed")
def embed() -> str:
    """The line that puts the chat on a website, for this server's address."""
    clinic = services().live.bot.knowledge.clinic
    origin = request.host_url.rstrip("/")
    script = f'<script src="{escape(origin)}/widget.js"'
    contact = f'data-phone="{escape(clinic.phone)}" data-booking-url="{escape(str(clinic.booking_url))}"'
    return render_template(
        "embed.html",
        origin=origin,
        snippet=f"{script} async></script>",
        full_snippet=f"{script}\n  {contact} async></script>",
        sites=services().settings.sites,
    )


def _address() -> str:
    return url_for("pages.faq", _external=True)


def _shared() -> dict[str, Any]:
    knowledge = services().live.bot.knowledge
    return {
        "clinic": knowledge.clinic,
        "urgent": knowledge.safety.fill(knowledge.safety.lines.caution),
        "current": _current,
    }


def _current(endpoint: str) -> Markup:
    """What marks the link to the page that is shown."""
    return Markup(' aria-current="page"') if request.endpoint == endpoint else Markup("")
