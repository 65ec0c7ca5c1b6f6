"""What the commands share: loading the chatbot, showing progress, printing JSON."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.curation.evaluation import Progress


def load(intents: Path) -> "Chatbot":
    """The chatbot for a folder of knowledge."""
    with waiting("Reading the clinic's questions and answers …"):
        from chatbot.bot import Chatbot

        return Chatbot.load(intents)


@contextmanager
def waiting(message: str) -> Iterator[None]:
    """A spinner with a message while something is done; nothing where errors do not go to a terminal."""
    if not shows_style(sys.stderr):
        yield
        return
    from chatbot import terminal

    with terminal.waiting(message):
        yield


def shows_style(stream: TextIO) -> bool:
    """Whether a stream is worth importing rich for, which takes a tenth of a second: a terminal, or by its own rule."""
    return stream.isatty() or "FORCE_COLOR" in os.environ


@contextmanager
def progress_bar(label: str) -> "Iterator[Progress]":
    """A bar that is told how many are done and of how many; nothing where errors do not go to a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def echo_json(value: dict[str, Any]) -> None:
    """A line of JSON, always in UTF-8 and flushed; half of a surrogate pair comes out as its escape."""
    click.echo(json.dumps(value, ensure_ascii=False).encode("utf-8", errors="backslashreplace"))
