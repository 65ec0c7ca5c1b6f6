"""The knowledge that is live: one chatbot for all requests of this process, replaced at once when staff publish."""

import logging
import threading
from dataclasses import dataclass, replace
from typing import Protocol

from chatbot.bot import Chatbot
from chatbot.knowledge.model import Knowledge

_log = logging.getLogger(__name__)

#: Seconds between two looks at what was published.
_PAUSE = 2.0


class Publications(Protocol):
    """Where staff publish. Every call may raise a StorageError."""

    def newest(self) -> int | None:
        """The number of the newest revision, if there is one."""

    def knowledge(self, revision: int) -> Knowledge:
        """The knowledge of a revision."""

    def enabled(self) -> bool:
        """Whether the chat is switched on."""


@dataclass(frozen=True)
class State:
    """What is in force: the chatbot, the revision it was made of (none: the folder), and whether the chat is on."""

    bot: Chatbot
    revision: int | None = None
    enabled: bool = True


class Live:
    """Holds the state in force. A request takes it once, so that nothing changes under its hands."""

    def __init__(self, bot: Chatbot, publications: Publications | None = None) -> None:
        self.state = State(bot)
        self._publications = publications
        self._stopping = threading.Event()

    @property
    def bot(self) -> Chatbot:
        """The chatbot in force."""
        return self.state.bot

    def look(self) -> None:
        """Bring the newest revision and the switch into force; whatever is wrong with them, what was in force stays."""
        if self._publications is None:
            return
        try:
            self.state = self._newest(self._publications)
        except Exception as error:  # noqa: BLE001 - the patients keep the knowledge that works
            _log.error("what staff published cannot be taken over", exc_info=error)

    def _newest(self, publications: Publications) -> State:
        state = replace(self.state, enabled=publications.enabled())
        revision = publications.newest()
        if revision is None or revision == state.revision:
            return state
        bot = state.bot.with_knowledge(publications.knowledge(revision))
        _log.info("revision %d is live", revision)
        return replace(state, bot=bot, revision=revision)

    def watch(self) -> None:
        """Look every few seconds, in a thread of its own."""
        self._stopping.clear()
        threading.Thread(target=self._watch, daemon=True, name="live-knowledge").start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def _watch(self) -> None:
        while not self._stopping.wait(_PAUSE):
            self.look()
