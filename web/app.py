"""The web application."""

import logging
import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from chatbot.bot import Chatbot
from chatbot.errors import StorageError
from chatbot.settings import Settings
from chatbot.storage.database import Database
from web import headers, observation, pages, problems
from web import services as together
from web.api import api
from web.database import DatabaseRecords
from web.health import health
from web.limits import Limits
from web.live import Live, Publications
from web.metrics import Metrics
from web.records import NoRecords, Records
from web.retention import Retention
from web.services import Services
from web.tokens import Tokens
from web.widget import widget

_log = logging.getLogger(__name__)

_HOUR = 3_600
_MOST_UPLOADED = 8 * 1024 * 1024


def create_app(
    settings: Settings,
    bot: Chatbot | None = None,
    records: Records | None = None,
    publications: Publications | None = None,
) -> Flask:
    """The application: by itself for the knowledge of the settings' folder, counting and keeping nothing."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=_MOST_UPLOADED,
        SEND_FILE_MAX_AGE_DEFAULT=300,
    )
    records = records or NoRecords()
    together.install(
        app,
        Services(
            settings=settings,
            live=Live(bot or Chatbot.load(settings.intents), publications),
            records=records,
            tokens=Tokens(settings.secret_key, settings.session_hours * _HOUR),
            limits=Limits(settings.redis_url),
            metrics=Metrics(os.environ.get("PROMETHEUS_MULTIPROC_DIR")),
            retention=Retention(records),
        ),
    )
    for install in (observation.install, headers.install, problems.install):
        install(app)
    app.register_blueprint(api)
    app.register_blueprint(widget)
    pages.install(app)
    app.register_blueprint(health)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app


def of_environment() -> Flask:
    """The application for the settings in the environment, with its database: what gunicorn asks for."""
    settings = Settings.of_environment(os.environ)
    settings.require_key()
    database = Database.open(settings.database)
    try:
        database.migrate()
    except StorageError as error:
        _log.warning("the chat starts without its database (%s)", error)
    return create_app(settings, records=DatabaseRecords(database, settings.retention_days))
