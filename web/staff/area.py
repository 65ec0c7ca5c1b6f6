"""The one door to the staff area: what is behind it is off until an account exists, and asks for a login by default."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, current_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Forbidden, HTTPException, InternalServerError, NotFound
from werkzeug.wrappers import Response as AnyResponse

from chatbot.errors import ChatbotError, StorageDownError
from chatbot.storage import accounts
from chatbot.storage.accounts import Person
from chatbot.storage.database import Database
from web.staff import desk as desks
from web.staff.desk import desk, now

_log = logging.getLogger(__name__)

staff = Blueprint("staff", __name__, url_prefix="/staff")
_csrf = CSRFProtect()

#: A login ends after so many seconds without a page, and after so many in all.
_IDLE, _LONGEST = 4 * 3_600, 12 * 3_600
_HERE = {"localhost", "127.0.0.1", "[::1]"}
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}

View = TypeVar("View", bound=Callable[..., Any])


class User:
    """A person who is logged in, as Flask-Login wants to see them."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """Whom the session is for; it ends when the account's stamp changes."""
        return f"{self.person.id}:{self.person.stamp}"


class _Sessions(SecureCookieSessionInterface):
    """Cookies that travel over https only, unless the server is on this very machine; for the staff area alone."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a cookie; none elsewhere, so that a patient's request neither waits for it nor can set one."""
        if request.path.startswith(f"{staff.url_prefix}/"):
            return super().open_session(app, request)
        return self.make_null_session(app)

    def get_cookie_secure(self, _app: Flask) -> bool:
        """Whether browsers must keep the cookie from plain http."""
        return request.host.rsplit(":", 1)[0] not in _HERE or request.is_secure


def install(app: Flask, database: Database) -> None:
    """Give the app the staff area. The blueprints of its pages must be imported by then."""
    app.config.update(
        SESSION_COOKIE_NAME="clinic_staff",
        SESSION_COOKIE_PATH="/staff",  # patients never get a cookie
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=_IDLE,
        WTF_CSRF_CHECK_DEFAULT=False,  # the door asks for it; the chat's API knows no cookies
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    app.session_interface = _Sessions()
    desks.install(app, database)
    _csrf.init_app(app)
    login = LoginManager(app)
    login.user_loader(_load)
    app.register_blueprint(staff)


def open_to_all(view: View) -> View:
    """A view that needs no login."""
    view.__dict__["open_to_all"] = True
    return view


def needs_no_form(view: View) -> View:
    """A view that carries its own proof of leave in its address, and reads no cookie."""
    view.__dict__["needs_no_form"] = True
    return view


def publishers_only(view: View) -> View:
    """A view for those who may publish."""
    view.__dict__["publishers_only"] = True
    return view


def person() -> Person:
    """Who is logged in."""
    return cast("User", current_user).person


def may_publish() -> bool:
    """Whether whoever is logged in may publish."""
    return bool(current_user.is_authenticated) and person().role == "publisher"


def safe_next(address: str | None) -> str:
    """An address inside the staff area, else its first page."""
    parts = urlsplit(address or "")
    inside = parts.path.startswith("/staff/") and not parts.scheme and not parts.netloc
    if not address or not inside or "\\" in address or not address.isprintable():
        return url_for("staff.inbox.show")
    return address


@staff.before_request
def _door() -> AnyResponse | None:
    """Nobody gets past without an account, a login where one is needed, and a form that we made."""
    with desk().reading() as transaction:
        if not accounts.any_account(transaction):
            raise NotFound
    if request.method in _WRITES and not _view_has("needs_no_form"):
        _csrf.protect()
    if _view_has("open_to_all"):
        return None
    if not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("staff.account.login", next=back))
    if now().timestamp() - session.get("since", 0) > _LONGEST:
        logout_user()
        session.clear()
        return redirect(url_for("staff.account.login"))
    if _view_has("publishers_only") and not may_publish():
        raise Forbidden("Only a publisher may do this. Ask one of them, or ask for the role.")
    return None


def _view_has(mark: str) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, mark, False))


@staff.after_request
def _private(response: Response) -> Response:
    """No page of the staff area stays in a browser's or a proxy's store."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@staff.errorhandler(HTTPException)
def _refused(error: HTTPException) -> tuple[str, int]:
    return _error_page(error.name, error.description or "", error.code or 500)


@staff.errorhandler(ChatbotError)
def _impossible(error: ChatbotError) -> tuple[str, int]:
    down = isinstance(error, StorageDownError)
    return _error_page("Not now" if down else "This cannot be done", str(error), 503 if down else 409)


@staff.errorhandler(Exception)
def _failed(error: Exception) -> tuple[str, int]:
    _log.error("a staff page failed", exc_info=error)
    return _error_page("Something went wrong", InternalServerError().description or "", 500)


def _error_page(title: str, message: str, status: int) -> tuple[str, int]:
    return render_template("staff/error.html", heading=title, message=message), status


@staff.context_processor
def _shared() -> dict[str, Any]:
    user = current_user
    return {
        "person": user.person if user.is_authenticated else None,
        "may_publish": may_publish(),
    }


def _load(name: str) -> User | None:
    number, _, stamp = name.partition(":")
    if not number.isdecimal():
        return None
    with desk().reading() as transaction:
        found = accounts.by_id(transaction, int(number))
    return User(found) if found and found.active and found.stamp == stamp else None


def say(message: str) -> None:
    """Show a message on the next page."""
    flash(message)


@staff.get("/")
def home() -> AnyResponse:
    """The first page."""
    return redirect(url_for("staff.inbox.show"))


@staff.route("/<path:_rest>", methods=["GET", "POST"])
def nowhere(_rest: str) -> str:
    """What no page stands behind, behind the door like all pages."""
    raise NotFound("There is no such page in the staff area.")
