"""Deletes once a day, inside the server, the texts whose time is over. Every worker does: twice does no harm."""

import logging
import threading

from chatbot.errors import StorageError
from web.records import Records

_log = logging.getLogger(__name__)

_DAY = 86_400.0
#: Seconds to the next attempt where the database could not be used.
_SOON = 600.0


class Retention:
    """A thread that deletes at its start and then every day."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._stopping.clear()
        threading.Thread(target=self._run, daemon=True, name="retention").start()

    def stop(self) -> None:
        """Delete no more."""
        self._stopping.set()

    def _run(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            pause = self._delete()

    def _delete(self) -> float:
        """Delete now; when to do it next."""
        try:
            self._records.forget()
        except StorageError as error:
            _log.warning("old texts are not deleted yet (%s)", error)
            return _SOON
        return _DAY
