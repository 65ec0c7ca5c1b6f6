"""Databases for the tests: a file of SQLite, and one of our own on a PostgreSQL server where there is one."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

#: Where tests may make and drop databases.
SERVER = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def postgresql(like: str = "template1") -> Iterator[str]:
    """The address of a database, which is dropped afterwards: empty, or like that of a name, which nobody must use."""
    name = f"chatbot_test_{secrets.token_hex(6)}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL at {SERVER.rpartition('@')[2]} (TEST_DATABASE_URL): {type(error).__name__}")
    with server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
        server.execute(f"ALTER DATABASE {name} SET synchronous_commit TO off".encode())
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def make_empty(url: str) -> str:
    """Take everything out of a database: far quicker than another one. The same address."""
    with psycopg.connect(url, autocommit=True) as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}".encode())
        connection.execute(b"DROP SCHEMA public CASCADE")
        connection.execute(b"CREATE SCHEMA public")
    return url
