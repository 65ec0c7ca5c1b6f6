"""Headers that every response carries, and the strict policy of our own pages."""

from flask import Flask, Response, request

#: Scripts, styles and connections only from here, and no HTML made of strings.
_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_NO_PAGE = "default-src 'none'; frame-ancestors 'none'"
_YEAR = 31_536_000


def install(app: Flask) -> None:
    """Send the headers with every response of the app."""
    app.after_request(secure)


def secure(response: Response) -> Response:
    """Add what is not there already."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Content-Security-Policy", _PAGES if response.mimetype == "text/html" else _NO_PAGE)
    if response.mimetype == "text/html":
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    return response
