"""An article of the clinic, read for the questions that it answers: staff write the answers, from its passages."""

import re
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.utils import secure_filename

from chatbot.curation.draft import propose
from chatbot.curation.draft_article import read_article
from chatbot.curation.draft_stale import find_stale, record
from chatbot.errors import EditError, ExchangeError
from chatbot.knowledge.model import Knowledge
from web.services import services
from web.staff.area import person
from web.staff.desk import desk, knowledge_of

articles = Blueprint("articles", __name__)

_NO_NAME = re.compile(r"[^a-z0-9]+")


@articles.get("/articles")
def show() -> str:
    """The form to upload an article with."""
    return _page()


@articles.post("/articles")
def read() -> str | tuple[str, int]:
    """What the article could answer, and which answers cite what changed in it; the file itself is not kept."""
    sent = request.files.get("file")
    name = secure_filename(sent.filename or "") if sent else ""
    if sent is None or not name:
        return _page(problem="Choose a file first."), 422
    known = request.form.get("known", "")
    try:
        article = read_article(name, sent.read())
        stale = find_stale(_knowledge(), known, article) if known else ()
        if stale:
            desk().edit(person().email, lambda files: record(files, known, article))
    except (ExchangeError, EditError) as error:
        return _page(problem=str(error)), 422
    bot, knowledge = services().live.bot, _knowledge()
    proposals = [
        (each, slug(each.question), _source(known, each.section, knowledge), knowledge.by_id.get(each.exists))
        for each in propose(article, bot.reader, bot.matcher)
    ]
    return _page(article=article, known=known, stale=stale, proposals=proposals)


def _page(**shown: Any) -> str:
    titles = [(name, article.title) for name, article in _knowledge().articles.items()]
    return render_template("staff/article.html", titles=titles, **shown)


def _knowledge() -> Knowledge:
    return knowledge_of(desk().work_of(person().email).files)


def slug(question: str) -> str:
    """A name for an intent, made of its question."""
    return _NO_NAME.sub("_", question.lower()).strip("_")[:40].rstrip("_")


def _source(article: str, section: str, knowledge: Knowledge) -> str:
    """The section as the editor names it, if articles.yaml has it."""
    known = knowledge.articles.get(article)
    return f"{article}/{section}" if known and section in known.sections else ""
