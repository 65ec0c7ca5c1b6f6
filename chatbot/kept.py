"""Keeps fitted models on disk, so that only the first start after a change has to fit anything.

A file holds numpy arrays and is named after everything that decided them; reading it runs nothing that it contains
(no pickle). Whatever is wrong with a file or a folder costs a fit and a line in the log, never the start.
"""

import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from stat import S_IWGRP, S_IWOTH
from typing import Self

import numpy as np

from chatbot.language.kept import Arrays, Model, Recipe

_log = logging.getLogger(__name__)

#: How many models of a kind stay, the last used ones.
NEWEST = 5

#: The modules that decide what is fitted: an edit of any makes the kept models stale.
_DECIDING = ("bot.py", "kept.py", "language/*.py", "dialogue/safety*.py", "knowledge/*.py")


class ModelShelf:
    """A folder with fitted models; without a folder every model is fitted anew."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The shelf in `$CHATBOT_CACHE` (none if that is empty), else in the user's folder for caches."""
        if "CHATBOT_CACHE" in environment:
            named = environment["CHATBOT_CACHE"]
            return cls(Path(named).absolute() if named else None)
        caches = Path(environment.get("XDG_CACHE_HOME", ""))
        if caches.is_absolute():  # the standard says to ignore any other
            return cls(caches / "clinic-chatbot")
        try:
            return cls(Path.home() / ".cache" / "clinic-chatbot")
        except RuntimeError:  # this user has no home
            return cls(None)

    def obtain(self, recipe: Recipe[Model]) -> Model:
        """The model as it was kept, else fitted, and kept for the next time."""
        if self.folder and not _ours(self.folder):
            _log.warning(
                "%s is not used for fitted models: others may write to it (chmod go-w mends that)", self.folder
            )
            self.folder = None
        path = self.path(recipe)
        if path is None:
            return recipe.fit()
        key = path.stem.rpartition("-")[2]
        model = _read(path, key, recipe)
        if model is None:
            model = recipe.fit()
            self._keep(path, key, recipe.pack(model))
        return model

    def path(self, recipe: Recipe[Model]) -> Path | None:
        """Where the model is kept, once it is; nowhere without a folder."""
        return self.folder and self.folder / f"{recipe.kind}-{_key(recipe)}.npz"

    def _keep(self, path: Path, key: str, arrays: Arrays) -> None:
        if not arrays or self.folder is None:
            return
        try:
            _write(path, key, arrays)
            _discard_old(path)
        except OSError as error:
            _log.warning("fitted models cannot be kept in %s (%s)", self.folder, error.strerror)
            self.folder = None  # one line in the log is enough


def _ours(folder: Path) -> bool:
    """Whether nobody else can put a file there; the safety rules are read from it, too. One not yet there will be."""
    try:
        found = folder.stat()
    except OSError:
        return True  # if the folder is at fault, writing will say so
    return found.st_uid in {os.geteuid(), 0} and not found.st_mode & (S_IWGRP | S_IWOTH)


def _key(recipe: Recipe[Model]) -> str:
    facts = [_code(), np.__version__, recipe.kind, recipe.ingredients]
    return sha256(json.dumps(facts).encode()).hexdigest()


@cache
def _code() -> str:
    """A checksum of the modules that decide what is fitted."""
    package = Path(__file__).parent
    paths = [path for pattern in _DECIDING for path in sorted(package.glob(pattern))]
    return sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def _read(path: Path, key: str, recipe: Recipe[Model]) -> Model | None:
    try:
        file = path.open("rb")
    except OSError:  # it was never kept; if the folder is at fault, writing will say so
        return None
    try:
        with file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        if arrays.pop("key").tobytes().decode() != key:
            raise ValueError("another key")
        model = recipe.unpack(arrays)
    except Exception as error:  # noqa: BLE001 - zipfile and numpy have many, and none may stop the start
        _log.warning("the kept model %s cannot be used and is fitted anew (%s)", path, type(error).__name__)
        return None
    with suppress(OSError):
        os.utime(path)  # the last used ones stay
    return model


def _write(path: Path, key: str, arrays: Arrays) -> None:
    """Put the file in its place at once: another process finds all of it or nothing."""
    from tempfile import NamedTemporaryFile  # deferred: only the first start writes

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=path.stem[:16], suffix=".part", delete=False) as file:
        written = Path(file.name)
        try:
            np.savez(file, allow_pickle=False, key=np.frombuffer(key.encode(), dtype=np.uint8), **arrays)
            file.close()
            written.replace(path)
        except BaseException:
            written.unlink(missing_ok=True)
            raise


def _discard_old(path: Path) -> None:
    kind = path.name.partition("-")[0]
    for pattern in (f"{kind}-*.npz", f"{kind}-*.part"):
        for old in sorted(path.parent.glob(pattern), key=_last_used)[:-NEWEST]:
            old.unlink(missing_ok=True)


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process discarded it
        return 0.0
