"""The web application."""

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from chatbot.bot import Chatbot
from chatbot.settings import Settings
from web import headers, observation, problems
from web import services as together
from web.api import api
from web.health import health
from web.limits import Limits
from web.live import Live, State
from web.metrics import Metrics
from web.records import NoRecords, Records
from web.services import Services
from web.tokens import Tokens
from web.widget import widget

_HOUR = 3_600
_MOST_UPLOADED = 8 * 1024 * 1024


def create_app(settings: Settings, bot: Chatbot, records: Records | None = None) -> Flask:
    """The application for a chatbot; without records it counts and keeps nothing."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=_MOST_UPLOADED,
        SEND_FILE_MAX_AGE_DEFAULT=300,
    )
    together.install(
        app,
        Services(
            settings=settings,
            live=Live(State(bot)),
            records=records or NoRecords(),
            tokens=Tokens(settings.secret_key, settings.session_hours * _HOUR),
            limits=Limits(settings.redis_url),
            metrics=Metrics(os.environ.get("PROMETHEUS_MULTIPROC_DIR")),
        ),
    )
    for install in (observation.install, headers.install, problems.install):
        install(app)
    app.register_blueprint(api)
    app.register_blueprint(widget)
    app.register_blueprint(health)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app
