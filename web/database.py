"""The database as the web uses it: where turns are recorded, and where staff publish."""

from collections.abc import Callable
from datetime import UTC, datetime

from chatbot.bot import Turn
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.model import Knowledge
from chatbot.storage import revisions, switches
from chatbot.storage.database import Database
from chatbot.storage.switches import Switches
from chatbot.storage.turns import Feedback, TurnRecord, purge
from chatbot.storage.writer import Writer
from web.schema import FeedbackMessage
from web.tokens import KeptTurn


class DatabaseRecords:
    """Hands everything to a writer in the background; `retention_days` tells for how long texts are kept now."""

    def __init__(self, database: Database, retention_days: Callable[[], int]) -> None:
        self.database = database
        self._retention_days = retention_days
        self._writer = Writer(database, keep_texts=lambda: retention_days() > 0)

    def turn(self, turn: Turn) -> None:
        """Count a turn, and keep its text if it was not answered."""
        self._writer.put(TurnRecord.of(turn, _now()))

    def feedback(self, turn: KeptTurn, feedback: FeedbackMessage) -> None:
        """Keep a thumb; the text comes along with a thumb down only."""
        question = None if feedback.helpful else turn.text
        self._writer.put(Feedback(turn.id, _now(), feedback.helpful, turn.intent, feedback.reason, question))

    def reachable(self) -> bool:
        """Whether the database answers now."""
        return self.database.reachable()

    @property
    def lost(self) -> int:
        """How many records this process could not hand over."""
        return self._writer.lost

    def forget(self) -> None:
        """Delete the texts whose time is over.

        Raises:
            StorageError: the database cannot be used.
        """
        purge(self.database, self._retention_days(), _now())

    def close(self) -> None:
        """Write what waits."""
        self._writer.stop()
        self.database.close()


class DatabasePublications:
    """The revisions and switches in a database. Every call may raise a StorageError."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def newest(self) -> int:
        """The number of the newest revision; 0: nothing was published yet."""
        with self.database.reading() as transaction:
            return revisions.newest_number(transaction)

    def knowledge(self, revision: int) -> Knowledge:
        """The knowledge of a revision.

        Raises:
            KnowledgeError: this version of the chatbot cannot use it.
        """
        with self.database.reading() as transaction:
            files = revisions.files(transaction, revision)
        return load_knowledge(files)

    def switches(self) -> Switches:
        """What staff have set."""
        with self.database.reading() as transaction:
            return switches.read(transaction)


def _now() -> datetime:
    return datetime.now(UTC)
