"""The commands that look after the database: its tables, old questions, backups."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from chatbot.settings import Settings
    from chatbot.storage.database import Database

_FILE = click.Path(path_type=Path, dir_okay=False)


@contextmanager
def opened(needs_tables: bool = True) -> "Iterator[tuple[Database, Settings]]":
    """The database that the environment names, and the settings.

    Raises:
        StorageError: it cannot be used, or its tables are not up to date where they are needed.
    """
    from chatbot.settings import Settings
    from chatbot.storage.database import Database

    settings = Settings.of_environment(os.environ)
    database = Database.open(settings.database)
    try:
        if needs_tables:
            database.require_tables()
        yield database, settings
    finally:
        database.close()


@click.command()
def migrate() -> None:
    """Make the tables of the database, or bring them up to date."""
    with opened(needs_tables=False) as (database, _):
        before = database.revision()
        database.migrate()
        after = database.revision()
    click.echo(f"The tables are up to date ({after})." if before == after else f"Made the tables of migration {after}.")


@click.command()
@click.option("--days", type=click.IntRange(0), help="Days to keep questions for (default: as set; 0 deletes all).")
def purge(days: int | None) -> None:
    """Delete questions whose retention time is over. The server does so once a day."""
    from chatbot.storage import switches, turns

    with opened() as (database, settings):
        with database.reading() as transaction:
            set_by_staff = switches.read(transaction).retention_days
        if days is None:
            days = settings.retention_days if set_by_staff is None else set_by_staff
        number = turns.purge(database, days, datetime.now(UTC))
    click.echo(f"Deleted {number} questions that were last asked {days} days ago or earlier.")


@click.command()
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Write everything in the database to FILE; the server may go on meanwhile.

    FILE holds password hashes and patients' questions (without names): keep it as safe as the database.
    """
    from chatbot.storage import backup as backups

    with opened() as (database, _):
        rows = backups.backup(database, file, datetime.now(UTC))
    click.echo(f"Wrote {rows} rows to {file}.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Lose what the database holds now.")
def restore(file: Path, replace: bool) -> None:
    """Fill the database from a backup FILE, of SQLite or PostgreSQL alike: all of it, or nothing changes."""
    from chatbot.storage import backup as backups

    with opened(needs_tables=False) as (database, _):
        rows = backups.restore(database, file, replace)
    click.echo(f"Restored {rows} rows from {file}.")
