"""Fitted models beside the revisions, so that one machine fits what staff publish and the others only fetch it.

Fitting takes many seconds and a fetch takes one, and what is published is to be live everywhere within five.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import delete, select, update

from chatbot.errors import StorageError
from chatbot.kept import ModelShelf
from chatbot.language.kept import Model as Fitted
from chatbot.language.kept import Recipe, Shelf
from chatbot.storage.database import Database, Transaction
from chatbot.storage.tables import Model
from chatbot.storage.upsert import upsert

_log = logging.getLogger(__name__)

Now = Callable[[], datetime]

#: Models of a kind that stay, the last used ones: what is live, a draft, the one before. A matcher takes 25 MB.
NEWEST = 3


class SharedShelf:
    """A folder with fitted models that is filled from the database, and fills it."""

    def __init__(self, near: ModelShelf, database: Database, now: Now) -> None:
        self.near = near
        self.database = database
        self.now = now

    def obtain(self, recipe: Recipe[Fitted]) -> Fitted:
        """The model as this machine or another one kept it, else fitted. Faults of the database are logged."""
        path = self.near.path(recipe)
        if path is None or path.exists():
            return self.near.obtain(recipe)
        found = self._fetch(recipe.kind, path)
        model = self.near.obtain(recipe)
        if not found:
            self._share(recipe.kind, path)
        return model

    def _fetch(self, kind: str, path: Path) -> bool:
        try:
            with self.database.writing() as transaction:
                data = fetch(transaction, kind, key_of(path), self.now())
            if data is not None:
                _put(path, data)
        except (StorageError, OSError) as error:
            _log.warning("fitted models cannot be had from the database (%s)", error)
            return False
        return data is not None

    def _share(self, kind: str, path: Path) -> None:
        try:
            with self.database.writing() as transaction:
                keep(transaction, kind, key_of(path), path.read_bytes(), self.now())
        except (StorageError, OSError) as error:
            _log.warning("a fitted model cannot be shared with other machines (%s)", error)


def fetch(transaction: Transaction, kind: str, key: str, now: datetime) -> bytes | None:
    """The model's file, if any machine has shared it."""
    this = (Model.kind == kind, Model.key == key)
    transaction.execute(update(Model).where(*this).values(used=now))
    return transaction.execute(select(Model.data).where(*this)).scalar()


def keep(transaction: Transaction, kind: str, key: str, data: bytes, now: datetime) -> None:
    """Share a model's file, in place of what may be there; the ones that were not used for longest go."""
    keeping = upsert(transaction, Model, ("kind", "key"), data=lambda new: new.data, used=now)
    transaction.execute(keeping.values(kind=kind, key=key, data=data, used=now))
    newest = select(Model.key).where(Model.kind == kind).order_by(Model.used.desc(), Model.key).limit(NEWEST)
    kept = transaction.execute(newest).scalars().all()
    transaction.execute(delete(Model).where(Model.kind == kind, Model.key.not_in(kept)))


def shelf(near: ModelShelf, database: Database, now: Now) -> Shelf:
    """The shelf to take: machines that share a file of SQLite are one machine, and share its folder."""
    return near if database.is_sqlite else SharedShelf(near, database, now)


def key_of(path: Path) -> str:
    """What stands behind the kind in the name of a model's file."""
    return path.stem.partition("-")[2]


def _put(path: Path, data: bytes) -> None:
    """Put the file in its place at once; what is wrong in it `ModelShelf` will notice."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=path.stem[:16], suffix=".part", delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
