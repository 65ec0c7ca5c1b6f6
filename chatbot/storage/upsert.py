"""Inserting where a row may be there already: both databases can, each with a statement of its own."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from chatbot.storage.tables import Table


def upsert(connection: Connection, table: type[Table], keys: Iterable[str], **changes: Any) -> Any:
    """An INSERT that, where a row with these keys exists, makes `changes` to it instead.

    A change may be a function from the table's `excluded` row to a value.
    """
    statement = _insert(connection, table)
    values = {name: change(statement.excluded) if callable(change) else change for name, change in changes.items()}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=values)


def insert_missing(connection: Connection, table: type[Table]) -> Any:
    """An INSERT that does nothing where the row exists."""
    return _insert(connection, table).on_conflict_do_nothing()


def _insert(connection: Connection, table: type[Table]) -> Any:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert(table)
