"""The rooms of the staff area, behind its door."""

from flask import Flask

from chatbot.storage.database import Database
from web.staff import area, wording
from web.staff.account import account
from web.staff.analytics import analytics
from web.staff.answers import answers
from web.staff.articles import articles
from web.staff.changes import changes
from web.staff.controls import controls
from web.staff.exchange import exchange
from web.staff.history import history
from web.staff.inbox import inbox
from web.staff.preview import preview
from web.staff.question import question
from web.staff.trial import trial

for _room in (
    account,
    inbox,
    question,
    answers,
    changes,
    preview,
    history,
    analytics,
    trial,
    controls,
    exchange,
    articles,
):
    area.staff.register_blueprint(_room)


def install(app: Flask, database: Database) -> None:
    """Give the app the staff area."""
    wording.install(app)
    area.install(app, database)
