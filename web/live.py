"""The knowledge that is live: one chatbot for all requests of this process, replaced at once when staff publish."""

import logging
import threading
from dataclasses import dataclass, replace
from typing import Protocol

from chatbot.bot import Chatbot
from chatbot.errors import KnowledgeError, StorageError
from chatbot.knowledge.model import Knowledge
from chatbot.settings import Settings
from chatbot.storage.switches import Switches

_log = logging.getLogger(__name__)

#: Seconds between two looks at what was published.
_PAUSE = 2.0

#: Settings that staff may change while the server runs.
_SWITCHED = ("retention_days", "limit_address", "limit_session")


class Publications(Protocol):
    """Where staff publish. Every call may raise a StorageError."""

    def newest(self) -> int:
        """The number of the newest revision; 0: nothing was published yet."""

    def knowledge(self, revision: int) -> Knowledge:
        """The knowledge of a revision.

        Raises:
            KnowledgeError: this version of the chatbot cannot use it.
        """

    def switches(self) -> Switches:
        """What staff have set."""


class Unpublished:
    """Where there is no database: the folder stays, and nothing is switched."""

    def newest(self) -> int:
        """Nothing was published."""
        return 0

    def knowledge(self, revision: int) -> Knowledge:
        """Nothing was published."""
        raise StorageError(f"There is no revision {revision}.")

    def switches(self) -> Switches:
        """Nothing was set."""
        return Switches()


@dataclass(frozen=True)
class State:
    """What is in force: the chatbot, the settings as staff have changed them, the revision (0: the folder)."""

    bot: Chatbot
    settings: Settings
    revision: int = 0
    enabled: bool = True


class Live:
    """Holds the state in force. A request takes it once, so that nothing changes under its hands."""

    def __init__(self, bot: Chatbot, settings: Settings, publications: Publications, revision: int = 0) -> None:
        self.state = State(bot, settings, revision)
        self._settings = settings
        self._publications = publications
        self._refused = 0
        self._stopping = threading.Event()

    @property
    def bot(self) -> Chatbot:
        """The chatbot in force."""
        return self.state.bot

    def look(self) -> None:
        """Bring into force what staff have published and set; whatever is wrong with it, what was in force stays."""
        try:
            self._switch(self._publications.switches())
            newest = self._publications.newest()
            if newest not in {0, self.state.revision, self._refused}:
                self._take_over(newest)
        except StorageError as error:
            _log.warning("what staff publish cannot be seen now (%s)", error)
        except Exception as error:  # noqa: BLE001 - the patients keep the knowledge that works
            _log.error("what staff published cannot be taken over", exc_info=error)

    def _switch(self, switches: Switches) -> None:
        """The environment's value holds where staff have set none."""
        chosen = {name: getattr(switches, name) for name in _SWITCHED if getattr(switches, name) is not None}
        self.state = replace(self.state, enabled=switches.chat, settings=self._settings.model_copy(update=chosen))

    def _take_over(self, revision: int) -> None:
        try:
            bot = self.bot.with_knowledge(self._publications.knowledge(revision))
        except KnowledgeError as error:
            self._refused = revision
            _log.error("revision %d cannot be used, the one before stays: %s", revision, error)
            return
        self.state = replace(self.state, bot=bot, revision=revision)
        _log.info("revision %d is live", revision)

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
