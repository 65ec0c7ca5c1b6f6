"""Backup and restore: all rows in one file, the same for SQLite and PostgreSQL, so that data can move between them.

The file is gzip of JSON lines: a header, a line a row, and a last line that tells how many there are. It holds
password hashes and patients' (redacted) questions: keep it as safe as the database itself.
"""

import gzip
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, TextIO

from alembic.util import CommandError
from sqlalchemy import Connection, Date, DateTime, LargeBinary, MetaData, Table, func, insert, select, text

from chatbot.errors import StorageError
from chatbot.storage.database import Database, migrate, migration_of

_FORMAT = "clinic-chatbot backup 1"

#: Fitted models can be fitted again; the migration stands in the header.
_LEFT_OUT = ("models", "alembic_version")
_CHUNK = 500

Row = dict[str, Any]


def backup(database: Database, path: Path, now: datetime) -> int:
    """Write all rows of the database, as they are at one moment, to a file that only its owner can read; their number.

    The database stays in use meanwhile. The file is put in its place when it is whole.

    Raises:
        StorageError: the database cannot be used, or has no tables.
        OSError: the file cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        with database.reading() as connection, gzip.open(part, "wt", encoding="utf-8", newline="\n") as file:
            rows = _dump(connection, file, now)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows


def restore(database: Database, path: Path, replace: bool = False) -> int:
    """Make the database hold what the file holds, all of it or nothing changed; the number of rows.

    A file of an earlier version of the chatbot is brought up to date.

    Raises:
        StorageError: the database holds rows and `replace` is not set, or the file is no whole backup.
        OSError: the file cannot be read.
    """
    with database.writing() as connection, _opened(path) as file:
        header = _header(file, path)
        if not replace and _holds_rows(connection):
            raise StorageError(f"{database} holds data already. To lose it and restore {path}, add --replace.")
        migrate(connection, "base")
        migrate(connection, header["migration"])
        rows = _fill(connection, file, path)
        migrate(connection, "head")
    return rows


def _dump(connection: Connection, file: TextIO, now: datetime) -> int:
    migration = migration_of(connection)
    if migration is None:
        raise StorageError("There is nothing to back up: the database has no tables yet.")
    _write_line(file, {"format": _FORMAT, "migration": migration, "created": now.isoformat()})
    number = 0
    for table in _tables(connection):
        for row in connection.execute(select(table)).mappings():
            _write_line(file, {"table": table.name, "row": {name: _plain(value) for name, value in row.items()}})
            number += 1
    _write_line(file, {"rows": number})
    return number


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are there, in an order in which a row comes after those that it refers to."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


def _holds_rows(connection: Connection) -> bool:
    return any(connection.execute(select(table).limit(1)).first() for table in _tables(connection))


def _fill(connection: Connection, file: TextIO, path: Path) -> int:
    tables = {table.name: table for table in _tables(connection)}
    number = 0
    for name, lines in groupby(_rows(file, path), key=itemgetter("table")):
        table = tables[name]
        while chunk := [_typed(table, line["row"]) for line in islice(lines, _CHUNK)]:
            connection.execute(insert(table), chunk)
            number += len(chunk)
    for table in tables.values():
        _continue_numbers(connection, table)
    return number


def _rows(file: TextIO, path: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(file):
        found = json.loads(line)
        if found.get("rows") == number:
            return
        yield found
    raise StorageError(f"{path} is not whole: its end is missing. Restore another backup.")


def _continue_numbers(connection: Connection, table: Table) -> None:
    """PostgreSQL counts on from its own numbers, not from those that rows were given."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
    highest = connection.execute(select(func.max(column))).scalar()
    if sequence and highest:
        connection.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})


def _header(file: TextIO, path: Path) -> Mapping[str, Any]:
    header = json.loads(file.readline())
    if not isinstance(header, dict) or header.get("format") != _FORMAT:
        raise StorageError(f"{path} is no backup of this chatbot.")
    return header


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The lines of a backup; whatever is wrong with the file is said in words."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield file
    except (gzip.BadGzipFile, zlib.error, EOFError, ValueError, KeyError, TypeError) as error:
        message = f"{path} is no backup of this chatbot, or is damaged ({type(error).__name__})."
        raise StorageError(message) from error
    except CommandError as error:
        raise StorageError(f"{path} was made by a newer version of the chatbot. Update this one first.") from error


def _write_line(file: TextIO, value: Row) -> None:
    file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _plain(value: object) -> object:
    """The value as JSON can hold it; moments are in UTC."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _typed(table: Table, row: Row) -> Row:
    return {name: _value(value, table.columns[name].type) for name, value in row.items()}


def _value(value: Any, kind: object) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return b64decode(value) if isinstance(kind, LargeBinary) else value
