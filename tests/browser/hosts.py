"""Web servers for the tests: any WSGI application on a free port, and the websites on which the widget must work."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: What a careful website sends: only the widget's origin is named, and no HTML may be made of strings.
STRICT = (
    "default-src 'none'; script-src {widget}; connect-src {server}; img-src data:; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

#: Rules that reach for everything on the page, with the force of `!important`.
HOSTILE = """
* { all: revert !important; display: none !important; color: #eee !important; font: 4px/1 cursive !important;
    pointer-events: none !important; visibility: hidden !important; opacity: .05 !important; z-index: -1 !important }
html, head, style, body, main { display: block !important; visibility: visible !important; opacity: 1 !important }
html { font-size: 3px !important } body { direction: rtl; text-transform: uppercase; letter-spacing: 9px }
button, textarea, a, p, div, svg { width: 3px !important; transform: rotate(30deg) !important }
"""

_PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A clinic</title><link rel="icon" href="data:,">{style}</head>
<body><main><h1>A clinic</h1><p>We are open on weekdays.</p><p><a id="link" href="#there">Read on</a></p></main>
<script src="{widget}/widget.js" {attributes} async></script></body></html>"""


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def served(app: "WSGIApplication") -> Iterator[str]:
    """The origin at which an application answers, in threads of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Websites:
    """`/plain`, `/strict` (its policy) and `/hostile` (its style); the query becomes attributes of the script."""

    def __init__(self) -> None:
        self.widget = ""

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer with the page of that name."""
        attributes = {"site": "clinic", **{name: each[0] for name, each in parse_qs(environ["QUERY_STRING"]).items()}}
        headers = [("Content-Type", "text/html; charset=utf-8")]
        if environ["PATH_INFO"] == "/strict":
            server = attributes.get("server", self.widget)
            headers.append(("Content-Security-Policy", STRICT.format(widget=self.widget, server=server)))
        page = _PAGE.format(
            widget=self.widget,
            style=f"<style>{HOSTILE}</style>" if environ["PATH_INFO"] == "/hostile" else "",
            attributes=" ".join(f'data-{name}="{value}"' for name, value in attributes.items()),
        )
        start("200 OK", headers)
        return [page.encode()]
