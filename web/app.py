"""The web application, and how it is put together for production."""

import logging
import os
from datetime import UTC, datetime

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from chatbot.bot import Chatbot
from chatbot.errors import KnowledgeError, StorageError
from chatbot.kept import ModelShelf
from chatbot.knowledge.files import load_knowledge
from chatbot.language.kept import Shelf
from chatbot.settings import Settings
from chatbot.storage import models
from chatbot.storage.database import Database
from web import headers, observation, pages, problems, services
from web.api import api
from web.database import DatabasePublications, DatabaseRecords
from web.health import health
from web.limits import Limits
from web.live import Live, Publications, Unpublished
from web.metrics import Metrics
from web.records import NoRecords
from web.retention import Retention
from web.services import Services
from web.staff import house
from web.tokens import Tokens
from web.widget import widget

_log = logging.getLogger(__name__)

_HOUR = 3_600
_MOST_UPLOADED = 8 * 1024 * 1024


def create_app(settings: Settings, bot: Chatbot | None = None, database: Database | None = None) -> Flask:
    """The application. Without a bot it loads what is published, or the folder; without a database nothing is kept."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=_MOST_UPLOADED,
        SEND_FILE_MAX_AGE_DEFAULT=300,
    )
    services.install(app, _services(settings, bot, database))
    for install in (observation.install, headers.install, problems.install, pages.install):
        install(app)
    app.register_blueprint(api)
    app.register_blueprint(widget)
    app.register_blueprint(health)
    if database:
        house.install(app, database)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app


def of_environment() -> Flask:
    """The application for the settings in the environment: what gunicorn asks for."""
    settings = Settings.of_environment(os.environ)
    settings.require_key()
    database = Database.open(settings.database)
    try:
        database.migrate()
    except StorageError as error:
        _log.warning("the chat starts without its database (%s)", error)
    return create_app(settings, database=database)


def _services(settings: Settings, bot: Chatbot | None, database: Database | None) -> Services:
    publications = DatabasePublications(database) if database else Unpublished()
    live = _live(settings, bot, publications, _shelf(database))
    records = DatabaseRecords(database, lambda: live.state.settings.retention_days) if database else NoRecords()
    return Services(
        live=live,
        records=records,
        tokens=Tokens(settings.secret_key, settings.session_hours * _HOUR),
        limits=Limits(settings.redis_url),
        metrics=Metrics(os.environ.get("PROMETHEUS_MULTIPROC_DIR")),
        retention=Retention(records),
    )


def _shelf(database: Database | None) -> Shelf:
    """Where fitted models are kept: with a database, machines share them."""
    near = ModelShelf.of_environment()
    return models.shelf(near, database, lambda: datetime.now(UTC)) if database else near


def _live(settings: Settings, bot: Chatbot | None, publications: Publications, shelf: Shelf) -> Live:
    """What is published, else what is in the folder."""
    revision = 0
    if bot is None:
        try:
            revision = publications.newest()
            bot = Chatbot(publications.knowledge(revision), shelf) if revision else None
        except (StorageError, KnowledgeError) as error:
            _log.warning("the folder is used instead of what is published (%s)", error)
            revision = 0
    bot = bot or Chatbot(load_knowledge(settings.intents), shelf)
    live = Live(bot, settings, publications, revision)
    live.look()
    return live
