"""What the web needs of the database: somewhere to put what is counted, and whether it works."""

from typing import Protocol

from chatbot.bot import Turn
from web.schema import FeedbackMessage
from web.tokens import KeptTurn


class Records(Protocol):
    """Takes what is to be kept of turns. `turn` and `feedback` never wait for the database, nor fail with it."""

    def turn(self, turn: Turn) -> None:
        """Count a turn, and keep its text if it was not answered."""

    def feedback(self, turn: KeptTurn, feedback: FeedbackMessage) -> None:
        """Keep a thumb."""

    def reachable(self) -> bool:
        """Whether the database answers now."""

    @property
    def lost(self) -> int:
        """How many records this process could not hand over."""

    def forget(self) -> None:
        """Delete the texts whose time is over."""

    def close(self) -> None:
        """Write what waits."""


class NoRecords:
    """Keeps nothing: for apps without a database."""

    lost = 0

    def turn(self, turn: Turn) -> None:
        """Keep nothing."""

    def feedback(self, turn: KeptTurn, feedback: FeedbackMessage) -> None:
        """Keep nothing."""

    def reachable(self) -> bool:
        """There is nothing that could fail."""
        return True

    def forget(self) -> None:
        """There is nothing to delete."""

    def close(self) -> None:
        """There is nothing to write."""
