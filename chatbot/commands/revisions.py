"""The commands for what is published: publish the folder, look back, roll back, write it back to the folder."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chatbot.commands.common import waiting
from chatbot.commands.database import opened

if TYPE_CHECKING:
    from chatbot.knowledge.folder import KnowledgeFiles
    from chatbot.storage.baseline import Deployed
    from chatbot.storage.database import Database

_NUMBER = click.IntRange(1)


@click.command()
@click.option("--comment", default="", metavar="TEXT", help="What changed and why.")
@click.pass_obj
def publish(intents: Path, comment: str) -> None:
    """Publish the folder with the questions and answers; every running server takes it over within seconds.

    Never overwrites what staff published and nobody exported: then that stays live, with a warning and exit code 0.
    """
    from chatbot.knowledge.folder import KnowledgeFiles
    from chatbot.storage.baseline import publish_baseline

    files = KnowledgeFiles.of_folder(intents)
    with opened() as (database, _):
        _prepare(files, database)
        with database.writing() as transaction:
            made = publish_baseline(transaction, files, _user(), datetime.now(UTC), comment)
    click.echo(_told(made), err=made.outcome == "held back")


@click.command()
@click.option("--author", metavar="NAME", help="Only what this person published.")
@click.option("--words", metavar="TEXT", help="Only where the comment or the author has this in it.")
@click.option("--limit", type=_NUMBER, default=20, show_default=True, help="How many to show.")
def history(author: str | None, words: str | None, limit: int) -> None:
    """List what was published: number, time (UTC), who, why; the newest first."""
    from chatbot.storage import revisions

    with opened() as (database, _), database.reading() as transaction:
        found = revisions.history(transaction, author, words, limit=limit)
    for each in found:
        click.echo(f"{each.number:>5}  {each.created:%Y-%m-%d %H:%M}  {each.author}  ({each.origin})  {each.comment}")
    if not found:
        click.echo("Nothing was published yet.", err=True)


@click.command()
@click.argument("number", type=_NUMBER)
@click.option("--comment", required=True, metavar="TEXT", help="Why.")
def rollback(number: int, comment: str) -> None:
    """Publish revision NUMBER again, as a new revision."""
    from chatbot.storage import revisions
    from chatbot.storage.audit import note

    with opened() as (database, _):
        with database.reading() as transaction:
            files = revisions.files(transaction, number)
        _prepare(files, database)
        with database.writing() as transaction:
            made = revisions.roll_back(transaction, number, _user(), comment, now := datetime.now(UTC))
            note(transaction, _user(), "rolled back", now, revision=made.number, to=number)
    click.echo(f"Revision {made.number} is live; it is what revision {number} was.")


@click.command()
@click.argument("old", type=_NUMBER, required=False)
@click.argument("new", type=_NUMBER, required=False)
def diff(old: int | None, new: int | None) -> None:
    """Show what differs, by intent: between revisions OLD and NEW, else what OLD (or the newest) changed."""
    from chatbot.knowledge.folder import KnowledgeFiles
    from chatbot.storage import revisions
    from chatbot.storage.differences import differences

    with opened() as (database, _), database.reading() as transaction:
        if new is None:
            new = old or revisions.newest_number(transaction)
            old = new - 1
        before = revisions.files(transaction, old) if old else KnowledgeFiles({})
        after = revisions.files(transaction, new)
    found = differences(before, after)
    for each in found:
        click.echo(str(each))
    if not found:
        click.echo(f"Revisions {old} and {new} are the same.", err=True)


@click.command()
@click.pass_obj
def export(intents: Path) -> None:
    """Write what is live back to the folder; only files that changed are touched. Then commit them to git."""
    from chatbot.storage import baseline

    with opened() as (database, _), database.writing() as transaction:
        revision, changed = baseline.export(transaction, intents, datetime.now(UTC), by=_user())
    for name in changed:
        click.echo(f"{intents / name}")
    click.echo(f"{intents} holds revision {revision.number}; {len(changed)} files changed.", err=True)


def _prepare(files: "KnowledgeFiles", database: "Database") -> None:
    """Load the knowledge as servers will, which keeps the fitted models for them; they take seconds.

    Raises:
        KnowledgeError: no server could load it.
    """
    from chatbot.bot import Chatbot
    from chatbot.kept import ModelShelf
    from chatbot.knowledge.files import load_knowledge
    from chatbot.storage.models import shelf

    knowledge = load_knowledge(files)
    with waiting("Fitting …"):
        Chatbot(knowledge, shelf(ModelShelf.of_environment(), database, lambda: datetime.now(UTC)))


def _told(made: "Deployed") -> str:
    number = made.revision.number
    if made.outcome == "published":
        return f"Published revision {number}."
    if made.outcome == "same":
        return f"Revision {number} is live and the same."
    return (
        f"WARNING: not published. Revision {number}, which {made.revision.author} published, is not in the folder "
        "yet and stays live. Write it back with 'python -m chatbot export', commit it, and deploy again."
    )


def _user() -> str:
    """Who types this, for the history."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # a container may run as a user without a name
        return "command line"
