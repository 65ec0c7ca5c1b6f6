"""Logging in and out, changing a password, and setting one with a one-time link."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from chatbot.errors import AccountError
from chatbot.storage import accounts
from chatbot.storage.accounts import Person
from chatbot.storage.login import Refusal, check_password, log_in
from web.staff.area import User, open_to_all, person, safe_next, say
from web.staff.desk import desk, now

account = Blueprint("account", __name__)

Page = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@account.get("/login")
@open_to_all
def login() -> Page:
    """The form to log in with."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    return render_template("staff/login.html")


@account.post("/login")
@open_to_all
def enter() -> Page:
    """Log in, in a session of its own."""
    email = request.form.get("email", "")
    address = request.remote_addr or "unknown"
    found = log_in(desk().database, email, request.form.get("password", ""), address, now())
    if isinstance(found, Refusal):
        return _refused(found, email)
    _begin(found)
    return redirect(safe_next(request.args.get("next")))


@account.post("/logout")
def leave() -> Page:
    """Log out."""
    logout_user()
    session.clear()
    say("You are logged out.")
    return redirect(url_for("staff.account.login"))


@account.get("/password")
def password() -> Page:
    """The form to change a password with."""
    return render_template("staff/password.html", shortest=accounts.SHORTEST_PASSWORD)


@account.post("/password")
def change_password() -> Page:
    """Change the password, which ends every other login of this person."""
    whose = person()
    if not check_password(desk().database, whose, request.form.get("old", "")):
        return _again("staff/password.html", "This is not your present password.", "old")
    problem = _set(whose, whose.email)
    if problem:
        return _again("staff/password.html", problem, "new")
    with desk().reading() as transaction:
        _begin(accounts.by_email(transaction, whose.email))
    say("Your password is changed. Wherever else you were logged in, you are logged out.")
    return redirect(url_for("staff.inbox.show"))


@account.get("/reset/<token>")
@open_to_all
def reset(token: str) -> Page:
    """The form behind a one-time link."""
    return render_template("staff/reset.html", owner=_owner(token), shortest=accounts.SHORTEST_PASSWORD)


@account.post("/reset/<token>")
@open_to_all
def set_password(token: str) -> Page:
    """Set the password, which uses the link up."""
    owner = _owner(token)
    problem = _set(owner, f"{owner.email} by link")
    if problem:
        return _again("staff/reset.html", problem, "new", owner=owner)
    session.clear()
    say("Your password is set. Log in with it.")
    return redirect(url_for("staff.account.login"))


def _begin(who: Person) -> None:
    """A fresh session: nothing of an earlier one, which somebody else may have planted, is left."""
    session.clear()
    session.permanent = True
    session["since"] = now().timestamp()
    login_user(User(who))


def _refused(refusal: Refusal, email: str) -> Page:
    if refusal.wait:
        problem = f"Too many attempts. Wait {refusal.wait} seconds, then try again."
        page = render_template("staff/login.html", problem=problem, email=email)
        return page, 429, {"Retry-After": str(refusal.wait)}
    problem = "E-mail address or password is wrong. Forgotten it? Ask whoever runs the server for a new link."
    return render_template("staff/login.html", problem=problem, email=email), 401


def _owner(token: str) -> Person:
    with desk().reading() as transaction:
        owner = accounts.owner_of_link(transaction, token, now())
    if owner is None:
        raise NotFound("This link was used already or is older than a day. Ask for a new one.")
    return owner


def _set(who: Person, by: str) -> str:
    """Set the password in the form; what is wrong with it, empty if nothing is."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return "The two new passwords are not the same."
    try:
        with desk().writing() as transaction:
            accounts.set_password(transaction, who, new, now(), by)
    except AccountError as error:
        return str(error)
    return ""


def _again(template: str, problem: str, field: str, **shown: object) -> Page:
    page = render_template(template, problem=problem, field=field, shortest=accounts.SHORTEST_PASSWORD, **shown)
    return page, 422
