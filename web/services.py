"""What the views of one app work with, held by the app itself: nothing is global."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from chatbot.settings import Settings
from web.limits import Limits
from web.live import Live
from web.metrics import Metrics
from web.records import Records
from web.retention import Retention
from web.tokens import Tokens

_NAME = "clinic-chatbot"


@dataclass(frozen=True)
class Services:
    """What is live, where turns are recorded, tokens, limits and counters."""

    live: Live
    records: Records
    tokens: Tokens
    limits: Limits
    metrics: Metrics
    retention: Retention

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.live.state.settings

    def start(self) -> None:
        """Start what runs beside the requests; for the process that answers them, after any fork."""
        self.live.watch()
        self.retention.start()

    def stop(self) -> None:
        """End that, and write what waits."""
        self.live.stop()
        self.retention.stop()
        self.records.close()
        self.metrics.lost(self.records.lost)


def install(app: Flask, services: Services) -> None:
    """Give the app its services."""
    app.extensions[_NAME] = services


def services_of(app: Flask) -> Services:
    """The services of an app."""
    return cast("Services", app.extensions[_NAME])


def services() -> Services:
    """The services of the app that answers this request."""
    return services_of(current_app)
