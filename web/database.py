"""The database as the web uses it."""

from datetime import UTC, datetime

from chatbot.bot import Turn
from chatbot.storage.database import Database
from chatbot.storage.turns import Feedback, TurnRecord, purge
from chatbot.storage.writer import Writer
from web.schema import FeedbackMessage
from web.tokens import KeptTurn


class DatabaseRecords:
    """Hands everything to a writer in the background."""

    def __init__(self, database: Database, retention_days: int) -> None:
        self.database = database
        self._retention_days = retention_days
        self._writer = Writer(database, keep_texts=lambda: retention_days > 0)

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
        purge(self.database, self._retention_days, _now())

    def close(self) -> None:
        """Write what waits."""
        self._writer.stop()
        self.database.close()


def _now() -> datetime:
    return datetime.now(UTC)
