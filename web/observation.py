"""What is known of each request afterwards: a line in the log and a count, without a word of what was said."""

import logging
import re
import time
from secrets import token_hex

from flask import Flask, Response, g, request

from web.services import services

_log = logging.getLogger("web.access")

#: Names for a request that a proxy may give.
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def install(app: Flask) -> None:
    """Name, time, count and log every request of the app."""
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """Give the request its name."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _SANE.fullmatch(given) else token_hex(8)
    g.began = time.perf_counter()


def end(response: Response) -> Response:
    """Count and log the request. Its path may hold anything, so only the route that it met is told."""
    seconds = time.perf_counter() - g.began
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in {"GET", "HEAD", "OPTIONS", "POST"} else "other"
    response.headers["X-Request-ID"] = g.request_id
    with_us = services()
    with_us.metrics.request(route, method, response.status_code, seconds)
    if with_us.records.lost:
        with_us.metrics.lost(with_us.records.lost)
    told = {"method": method, "route": route, "status": response.status_code, "ms": round(seconds * 1_000, 1)}
    _log.info("request", extra={"fields": told})
    return response
