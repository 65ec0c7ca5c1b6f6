"""The widget's file, and the page that shows it at work."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

widget = Blueprint("widget", __name__)

_FILE = Path(__file__).parent / "static" / "widget.js"


@widget.get("/widget.js")
def script() -> Response:
    """The widget, for any website: packed once, and kept by browsers for five minutes."""
    plain, packed, tag = _script(_FILE, _changed(_FILE))
    zipped = request.accept_encodings["gzip"] > 0
    response = Response(packed if zipped else plain, content_type="text/javascript; charset=utf-8")
    if zipped:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.cache_control.public = True
    response.cache_control.max_age = 300
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(f"{tag}-gzip" if zipped else tag)
    response.make_conditional(request)
    return response


@widget.get("/")
def demo() -> str:
    """A page of a plausible clinic with the widget on it."""
    return render_template("demo.html")


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        raise NotFound from None


@cache
def _script(path: Path, _changed: int) -> tuple[bytes, bytes, str]:
    plain = path.read_bytes()
    return plain, gzip.compress(plain, mtime=0), sha256(plain).hexdigest()[:16]
