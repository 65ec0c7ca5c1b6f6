"""Writes in the background what is kept of turns, so that no patient ever waits for the database.

A database that is down, slow, locked or full costs counts, never an answer: records wait in a queue of a fixed size;
what finds no room is lost, counted, and said in the log without its text.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import islice

from chatbot.errors import StorageDownError
from chatbot.storage.database import Database
from chatbot.storage.turns import Record
from chatbot.storage.turns import record as write

_log = logging.getLogger(__name__)

#: Records that may wait: minutes of a very busy site, some ten megabytes.
ROOM = 20_000
#: Records a transaction takes.
_BATCH = 500
#: Seconds that records gather before they are written; what a killed process can lose at most.
_GATHER = 0.5
#: Seconds between attempts while the database is down, doubling up to the last.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0


class Writer:
    """A queue and a thread that empties it; the thread starts with the first record, in whichever process that is."""

    def __init__(self, database: Database, keep_texts: Callable[[], bool], room: int = ROOM) -> None:
        self.database = database
        self.keep_texts = keep_texts
        self.room = room
        self.lost = 0
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        """Begin anew; a child must not write again what waits in its parent, nor inherit a lock that is held."""
        self._waiting: deque[Record] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self.lost = 0

    @property
    def waiting(self) -> int:
        """How many records are not written yet."""
        return len(self._waiting)

    def put(self, record: Record) -> None:
        """Take a record to write soon; returns at once, whatever state the database is in."""
        with self._changed:
            if len(self._waiting) >= self.room or self._stopping:
                self._lose(1, "no room")
                return
            self._waiting.append(record)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="database-writer")
                self._thread.start()
            if len(self._waiting) == 1:  # else the thread is awake, or will look again before it sleeps
                self._changed.notify()

    def stop(self, within: float = 5.0) -> None:
        """Write what waits, for so many seconds at most; what is left then is lost, and later records are too."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join(within)
        with self._changed:
            self._lose(len(self._waiting), "stopped")
            self._waiting.clear()

    def _work(self) -> None:
        pause = _FIRST_PAUSE
        while self._wait_for_records():
            if self._write_batch():
                pause = _FIRST_PAUSE
                continue
            self._rest(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _wait_for_records(self) -> bool:
        """Wait until something is to be written; whether to go on."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
        if len(self._waiting) < _BATCH:
            self._rest(_GATHER)
        return bool(self._waiting)

    def _rest(self, seconds: float) -> None:
        """Wait so long, or briefly if `stop` was called: its time is short."""
        until = time.monotonic() + seconds
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or time.monotonic() >= until, seconds)
            if self._stopping:
                self._changed.wait(0.05)

    def _write_batch(self) -> bool:
        """Write the records that have waited longest; whether they are dealt with, be it that they are lost."""
        batch = list(islice(self._waiting, _BATCH))
        try:
            write(self.database, batch, self.keep_texts())
        except StorageDownError as error:
            _log.warning("%d records wait for the database (%s)", len(self._waiting), error)
            return False
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others are written
            self._write_singly(batch, error)
        with self._changed:
            for _ in range(min(len(batch), len(self._waiting))):
                self._waiting.popleft()
        return True

    def _write_singly(self, batch: list[Record], error: Exception) -> None:
        _log.warning("a batch was refused (%s); its records are written one by one", type(error).__name__)
        for record in batch:
            try:
                write(self.database, [record], self.keep_texts())
            except Exception as refused:  # noqa: BLE001 - as above; nothing of the record may reach the log
                with self._changed:
                    self._lose(1, type(refused).__name__)

    def _lose(self, number: int, why: str) -> None:
        if number and (self.lost == 0 or self.lost // 1_000 != (self.lost + number) // 1_000):
            _log.error("%d records of turns are lost so far (%s)", self.lost + number, why)
        self.lost += number
