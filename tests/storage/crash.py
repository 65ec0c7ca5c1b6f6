"""Publishes a revision and dies in the middle: `python -m tests.storage.crash URL STATEMENTS`.

The process is killed, without any chance to clean up, before it executes the statement of that number; with a number
that is too high, right before the transaction is committed.
"""

import os
import signal
import sys
from datetime import UTC, datetime

from sqlalchemy import event

from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.storage import revisions
from chatbot.storage.database import Database


def main(url: str, statements: int) -> None:
    """Publish the second revision of `test_revisions.py`, as far as it comes."""
    database = Database.open(url)
    left = [statements]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def die(_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with database.writing() as transaction:
        event.listen(database.engine, "before_cursor_execute", count)
        event.listen(database.engine, "commit", die)
        files = KnowledgeFiles({"clinic.yaml": "name: New\n", "new.yaml": "topic: new\n"})
        revisions.publish(transaction, files, 1, "curator", "second", datetime(2026, 3, 2, tzinfo=UTC))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
