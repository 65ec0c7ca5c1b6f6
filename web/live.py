"""The knowledge that is live: one chatbot for all requests of this process, replaced at once when staff publish."""

from dataclasses import dataclass

from chatbot.bot import Chatbot


@dataclass(frozen=True)
class State:
    """What is in force: the chatbot, the revision it was made of (none: the folder), and whether the chat is on."""

    bot: Chatbot
    revision: int | None = None
    enabled: bool = True


class Live:
    """Holds the state in force. A request takes it once, so that nothing changes under its hands."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def bot(self) -> Chatbot:
        """The chatbot in force."""
        return self.state.bot
