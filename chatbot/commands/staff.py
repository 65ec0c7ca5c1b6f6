"""`staff`: who may use the staff pages. The first account switches the staff area on; there is no default account."""

import getpass
import os
import secrets
import sys
from datetime import UTC, datetime

import click

from chatbot.commands.database import opened

_ROLES = click.Choice(["curator", "publisher"])


@click.group()
def staff() -> None:
    """Add, list and remove the people who may use the staff pages."""


@staff.command()
@click.argument("email")
@click.option("--role", type=_ROLES, default="publisher", show_default=True, help="Publishers also make drafts live.")
@click.option("--generate", is_flag=True, help="Make a password and print it, instead of asking for one.")
def add(email: str, role: str, generate: bool) -> None:
    """Add EMAIL; the password is asked for, or made with --generate."""
    from chatbot.storage import accounts

    with opened() as (database, _), database.writing() as transaction:
        password = _made() if generate else _asked()
        made = accounts.add(transaction, email, role, password, datetime.now(UTC), _user())  # type: ignore[arg-type]
    click.echo(f"{made.email} may log in at /staff/ as {made.role}.")
    if generate:
        click.echo(f"The password is: {password}")


@staff.command()
@click.argument("email")
@click.option(
    "--address",
    default=lambda: f"http://127.0.0.1:{os.environ.get('PORT', '8000')}",
    show_default="this machine",
    metavar="URL",
    help="The address of the website's server, which the link begins with.",
)
def reset(email: str, address: str) -> None:
    """Make a link with which EMAIL sets a new password, once and within a day."""
    from chatbot.storage import accounts

    with opened() as (database, _), database.writing() as transaction:
        person = accounts.by_email(transaction, email)
        token = accounts.make_reset_link(transaction, person, datetime.now(UTC), _user())
    click.echo(f"{address.rstrip('/')}/staff/reset/{token}")


@staff.command("list")
def list_() -> None:
    """List who may use the staff pages."""
    from chatbot.storage import accounts

    with opened() as (database, _), database.reading() as transaction:
        people = accounts.people(transaction)
    for person in people:
        state = "" if person.active else "  (kept out)"
        click.echo(f"{person.email}  {person.role}{state}")
    if not people:
        click.echo("Nobody: the staff pages are off. 'python -m chatbot staff add EMAIL' adds somebody.", err=True)


@staff.command()
@click.argument("email")
def remove(email: str) -> None:
    """Keep EMAIL out from now on; every login of theirs ends. What they did stays in the history."""
    from chatbot.storage import accounts

    with opened() as (database, _), database.writing() as transaction:
        person = accounts.by_email(transaction, email)
        accounts.set_active(transaction, person, active=False, now=datetime.now(UTC), by=_user())
    click.echo(f"{person.email} is kept out.")


def _asked() -> str:
    """The password, asked for twice; read as a line where nobody types."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return password


def _made() -> str:
    return secrets.token_urlsafe(15)


def _user() -> str:
    """Who runs the command, for the audit."""
    return f"{getpass.getuser()} (command line)"
