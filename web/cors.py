"""Which other websites may use the API from a browser: exactly those of the settings."""

from urllib.parse import urlsplit

from flask import Response, request
from werkzeug.datastructures import HeaderSet

from web.services import services

#: The name of conversations on our own pages, and of programs that are no browser.
_OWN = "own"


def site() -> str:
    """The site that this request comes from: an allowed origin, else our own."""
    origin = request.headers.get("Origin", "")
    return origin if origin in services().settings.sites else _OWN


def allow(response: Response) -> Response:
    """Tell the browser that the page of this origin may read the response, if it may."""
    response.vary.add("Origin")
    origin = request.headers.get("Origin", "")
    if origin not in services().settings.sites and not _is_own(origin):
        return response
    response.access_control_allow_origin = origin
    response.access_control_expose_headers = HeaderSet(["Retry-After", "X-Request-ID"])
    if request.method == "OPTIONS":
        response.access_control_allow_methods = HeaderSet(["GET", "POST"])
        response.access_control_allow_headers = HeaderSet(["Content-Type"])
        response.access_control_max_age = 7_200
    return response


def _is_own(origin: str) -> bool:
    """By host alone: behind a proxy that we were not told of we may not know that the page came over https."""
    return bool(origin) and urlsplit(origin).netloc == request.host
