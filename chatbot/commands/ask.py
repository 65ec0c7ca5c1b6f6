"""`ask`: answers questions from the command line or a pipe."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chatbot.commands.common import echo_json, load, shows_style

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.dialogue.turn import Turn


@click.command()
@click.argument("text", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as a JSON object.")
@click.option(
    "--jsonl",
    is_flag=True,
    help="Read questions from standard input, a line each: plain text, or an object "
    '{"session": "a", "text": "…"} to carry on a conversation. Print a JSON object a line.',
)
@click.pass_obj
def ask(intents: Path, text: tuple[str, ...], as_json: bool, jsonl: bool) -> None:
    """Answer TEXT once, or each line of standard input with --jsonl."""
    if jsonl == bool(text):
        raise click.UsageError("Give a question, as in: ask 'what is PRP?', or else --jsonl.")
    bot = load(intents)
    if jsonl:
        for answer in answer_lines(bot, sys.stdin.buffer):
            echo_json(answer)
        return
    turn = bot.reply(" ".join(text))
    if as_json:
        echo_json(as_object(turn))
        return
    if not shows_style(sys.stdout):
        click.echo(turn.reply.text)
        return
    from chatbot.terminal import open_console, show

    show(open_console(), turn.reply)


def answer_lines(bot: "Chatbot", lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """An object for each line, one with an `error` where the line cannot be read."""
    from chatbot.dialogue.session import Session

    sessions: dict[str, Session] = {}
    for number, line in enumerate(lines, start=1):
        try:
            text, name = read_line(line)
        except ValueError as error:
            yield {"error": f"Line {number}: {error}"}
            continue
        turn = bot.reply(text, sessions.get(name) if name else None)
        if name:
            sessions[name] = turn.session
        yield as_object(turn)


def read_line(line: bytes) -> tuple[str, str | None]:
    """The text of an input line and the name of its conversation, if it has one.

    Raises:
        ValueError: the line begins like an object and is none with a `text`.
    """
    plain = line.decode("utf-8", errors="replace").strip("\ufeff\r\n")
    if not plain.lstrip().startswith("{"):
        return plain, None
    try:
        row = json.loads(plain)
    except (ValueError, RecursionError):
        raise ValueError("this begins like a JSON object but is not one.") from None
    text, session = row.get("text"), row.get("session")
    if not isinstance(text, str):
        raise ValueError('the object needs a "text" that is a string.')
    if not isinstance(session, str | None):
        raise ValueError('"session" must be a string.')
    return text, session


def as_object(turn: "Turn") -> dict[str, Any]:
    """A turn as the object that `ask` prints."""
    return {
        "text": turn.text,
        "kind": turn.kind,
        "intents": turn.intents,
        "confidence": round(turn.confidence, 6),
        "tier": turn.tier,
        "reply": turn.reply.text,
        "parts": [
            {
                "kind": part.decision.kind,
                "intents": part.decision.intents,
                "confidence": round(part.decision.confidence, 6),
            }
            for part in turn.parts
        ],
    }
