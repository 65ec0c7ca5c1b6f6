"""The files of a knowledge base as texts: what a folder such as `intents/` holds, and what a revision keeps."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Self

from chatbot.errors import KnowledgeError
from chatbot.knowledge.problems import Problem

#: What belongs to the knowledge, in the folder itself and in `evaluation/`.
ENDINGS = (".yaml", ".yml", ".jsonl", ".json", ".csv")
EVALUATION = "evaluation"

#: What the second safety net learns from, an object a line: messages written for it, and ordinary questions.
MESSAGES = ("safety_messages.jsonl", "safety_ordinary.jsonl")

#: Far more than people write by hand (the clinic's largest file has 0.5 MB).
MAX_BYTES = 5_000_000


class KnowledgeFiles(Mapping[str, str]):
    """Relative file name → text, immutable; names are like `prp.yaml` and `evaluation/questions.jsonl`.

    Line ends and byte order marks stay in the texts, so that writing them back changes nothing. Two are equal if
    their texts are; `folder` only says under which name problems mention them.
    """

    def __init__(self, texts: Mapping[str, str], folder: str = "intents") -> None:
        """Raises ValueError for a name that does not belong into such a folder."""
        for name in texts:
            if not _belongs(name):
                raise ValueError(f"'{name}' cannot be the name of a file of the knowledge.")
        self._texts = MappingProxyType({name: texts[name] for name in sorted(texts)})
        self.folder = folder

    @classmethod
    def of_folder(cls, path: Path) -> Self:
        """The files of a folder; hidden files and files of other kinds are no part of the knowledge.

        Raises:
            KnowledgeError: there is no such folder, or a file in it cannot be read as text.
        """
        if not path.is_dir():
            raise KnowledgeError([Problem(str(path), 0, "no-folder", f"There is no folder {path}. Check its name.")])
        read = {name: _text(path / name, f"{path.absolute().name}/{name}") for name in _names(path)}
        problems = [text for text in read.values() if isinstance(text, Problem)]
        if problems:
            raise KnowledgeError(problems)
        return cls({n: text for n, text in read.items() if isinstance(text, str)}, path.absolute().name)

    def write_to(self, path: Path) -> tuple[str, ...]:
        """Make the folder hold exactly these files; the names of those that were written or removed.

        Files that are right already are not touched, nor is what is no part of the knowledge. Each file is put in
        its place at once.

        Raises:
            KnowledgeError: the folder holds files but no knowledge base, so that it is likely the wrong one.
        """
        there = set(_names(path)) if path.is_dir() else set()
        if there and "clinic.yaml" not in there:
            message = (
                f"{path} holds other files and no clinic.yaml. Name an empty folder, or one with a knowledge base."
            )
            raise KnowledgeError([Problem(str(path), 0, "other-folder", message)])
        changed = [name for name, text in self.items() if name not in there or _differs(path / name, text)]
        for name in changed:
            _write(path / name, self[name])
        removed = sorted(there - self.keys())
        for name in removed:
            (path / name).unlink()
        return (*changed, *removed)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all names and texts, in hexadecimal."""
        hashed = sha256()
        for name, text in self.items():
            for part in (name.encode(), text.encode("utf-8", "surrogatepass")):
                hashed.update(len(part).to_bytes(8, "big") + part)
        return hashed.hexdigest()

    def put(self, name: str, text: str) -> Self:
        """The same with one file added or replaced."""
        return type(self)({**self._texts, name: text}, self.folder)

    def without(self, name: str) -> Self:
        """The same without one file."""
        return type(self)({other: text for other, text in self.items() if other != name}, self.folder)

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def __repr__(self) -> str:
        return f"KnowledgeFiles({len(self)} files, {self.content_hash[:12]})"


def fingerprint(folder: Path) -> str | None:
    """SHA-256 over the names and bytes of all that `load_knowledge` reads in a folder; None if it cannot be had."""
    hashed = sha256()
    try:
        for path in sorted(folder.iterdir()):
            read = path.name.endswith((".yaml", ".yml")) or path.name in MESSAGES
            data = path.read_bytes() if read else b""
            hashed.update(
                f"{len(path.name.encode())} {path.name} {len(data)} ".encode("utf-8", "surrogateescape") + data
            )
    except (OSError, UnicodeError):
        return None
    return hashed.hexdigest()


def _belongs(name: str) -> bool:
    """Whether a name is that of a file of the knowledge; nothing that leads out of the folder is."""
    *parents, last = PurePosixPath(name).parts or ("",)
    plain = str(PurePosixPath(*parents, last)) == name and not set(name) & set('\\:\0\n*?"<>|')
    return plain and parents in ([], [EVALUATION]) and not last.startswith(".") and last.endswith(ENDINGS)


def _names(path: Path) -> Iterator[str]:
    for folder in (path, path / EVALUATION):
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            name = file.relative_to(path).as_posix()
            if _belongs(name) and file.is_file():
                yield name


def _text(path: Path, shown: str) -> str | Problem:
    """The text of a file with its line ends as they are, or why it has none."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return Problem(shown, 0, "too-large", f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it.")
        return path.read_bytes().decode()
    except OSError as error:
        message = f"The file cannot be read ({error.strerror}). Check its permissions."
        return Problem(shown, 0, "unreadable", message)
    except UnicodeDecodeError as error:
        line = bytes(error.object).count(b"\n", 0, error.start) + 1
        message = "A character here is not in UTF-8. Save the file in an editor with the encoding UTF-8."
        return Problem(shown, line, "encoding", message)


def _differs(path: Path, text: str) -> bool:
    return path.read_bytes() != text.encode()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(text.encode())
    part.replace(path)
