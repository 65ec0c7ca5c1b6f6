"""Headers that every response carries, and the strict policy of our own pages."""

from flask import Flask, Response, request

#: Scripts, styles and connections only from here, and no HTML made of strings.
_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_YEAR = 31_536_000
_OF_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_OF_DATA = _OF_ALL | {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
_OF_PAGES = _OF_ALL | {
    "Content-Security-Policy": _PAGES,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_OVER_TLS = {"Strict-Transport-Security": f"max-age={_YEAR}"}


def install(app: Flask) -> None:
    """Send the headers with every response of the app."""
    app.after_request(secure)


def secure(response: Response) -> Response:
    """Add what is not there already."""
    wanted = _OF_PAGES if response.mimetype == "text/html" else _OF_DATA
    if request.is_secure:
        wanted = wanted | _OVER_TLS
    there = {name.casefold() for name, _ in response.headers}
    for name, value in wanted.items():
        if name.casefold() not in there:
            response.headers.add(name, value)
    return response
