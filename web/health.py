"""Whether the server works, for those who watch over it."""

from secrets import compare_digest

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.exceptions import Forbidden

from web.schema import Health
from web.services import services

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return _respond(Health(status="ok"), 200)


@health.get("/readyz")
def ready() -> Response:
    """The knowledge is loaded and the database can be reached. The chat answers without the database, too."""
    reachable = services().records.reachable()
    body = Health(status="ok" if reachable else "unready", knowledge=True, database=reachable)
    return _respond(body, 200 if reachable else 503)


@health.get("/metrics")
def metrics() -> Response:
    """Counts for Prometheus."""
    with_us = services()
    token = with_us.settings.metrics_token
    if token and not compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        raise Forbidden("Send the token of CHATBOT_METRICS_TOKEN as a bearer token.")
    return Response(with_us.metrics.render(), content_type=CONTENT_TYPE_LATEST)


def _respond(body: Health, status: int) -> Response:
    return Response(body.json_bytes(), status, content_type="application/json", headers={"Cache-Control": "no-store"})
