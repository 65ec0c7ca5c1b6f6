"""A program that is measured, in a process of its own, with limits of time and memory: see programs/lines.py."""

import json
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any, Self

from tests.benchmarks.machine import peak_megabytes


@dataclass(frozen=True)
class Answer:
    """What a program said to a question, in how many seconds."""

    label: str
    confidence: float
    seconds: float


class Conversation:
    """Asks a program, which gets so many seconds in all; when they are over, or it fails, it says nothing more."""

    def __init__(self, command: Sequence[str], folder: Path, seconds: float, gigabytes: float) -> None:
        self._left = seconds
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        most = round(gigabytes * 2**30)
        resource.prlimit(self._process.pid, resource.RLIMIT_DATA, (most, most))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def fit(self, examples: Sequence[tuple[str, str]]) -> dict[str, Any] | None:
        """Seconds that fitting took, and the program's version; none if it did not get that far."""
        return self._exchange(examples)

    def ask(self, question: str) -> Answer | None:
        """The program's answer, none if it gives none any more."""
        said = self._exchange(question)
        return Answer(**said) if said else None

    def megabytes(self) -> float | None:
        """The most memory that the program has held; none where it has ended."""
        return peak_megabytes(self._process.pid) if self._process.poll() is None else None

    def _exchange(self, line: object) -> dict[str, Any] | None:
        pipes = self._process
        assert pipes.stdin is not None
        assert pipes.stdout is not None
        began = monotonic()
        ending = Timer(max(self._left, 0), pipes.kill)
        ending.start()
        try:
            pipes.stdin.write(json.dumps(line) + "\n")
            pipes.stdin.flush()
            said = pipes.stdout.readline()
        except BrokenPipeError:
            return None
        finally:
            ending.cancel()
            self._left -= monotonic() - began
        found: dict[str, Any] | None = json.loads(said) if said else None
        return found
