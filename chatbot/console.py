"""The chat in a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from chatbot.dialogue.reply import Reply, choices, paragraph
from chatbot.dialogue.session import Session
from chatbot.explanation import explain
from chatbot.terminal import open_console, printable, show, waiting

if TYPE_CHECKING:
    # Only for the types: the spinner must turn before scikit-learn is imported.
    from chatbot.bot import Chatbot
    from chatbot.dialogue.turn import Turn

COMMANDS = {
    "/why": "what matched the last message, and how",
    "/restart": "forget the conversation and start again",
    "/help": "this list",
    "/quit": "leave, as Ctrl-C and Ctrl-D do",
}
_PROMPT = "> "


def chat(load: "Callable[[], Chatbot]") -> None:
    """Talk until the person leaves: by `/quit`, Ctrl-C or Ctrl-D, or where the input ends."""
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    console = open_console(plain=not interactive)
    try:
        with waiting("Reading the clinic's questions and answers …"):
            bot = load()
        conversation = Conversation(bot, console)
        conversation.start()
        if interactive:
            console.print("Type a question, the number of a choice, or /help.\n", style="dim")
        for line in _typed() if interactive else _piped():
            if line.strip().lower() == "/quit":
                break
            conversation.hear(line.strip())
    except (KeyboardInterrupt, EOFError):
        console.print()
    if interactive:
        console.print("Goodbye.")


class Conversation:
    """What was said so far, and the commands to look behind it."""

    def __init__(self, bot: "Chatbot", console: Console) -> None:
        self.bot = bot
        self.console = console
        self.session = Session()
        self.turn: Turn | None = None

    def start(self) -> None:
        """Greet, and offer questions to start with."""
        clinic = self.bot.knowledge.clinic
        starters = choices((self.bot.intents[i] for i in clinic.starters), "You can ask, for example")
        self.session, self.turn = Session(choices=clinic.starters), None
        self._show(Reply((paragraph(clinic.greeting), starters)))

    def hear(self, line: str) -> None:
        """Answer a message, or obey a command; an empty line is nothing."""
        if line.startswith("/"):
            self._obey(line.split(maxsplit=1)[0].lower())
        elif line:
            self.turn = self.bot.reply(line, self.session)
            self.session = self.turn.session
            self._show(self.turn.reply)

    def _obey(self, command: str) -> None:
        if command == "/restart":
            self.start()
        elif command == "/why" and self.turn:
            self.console.print(Text(), explain(self.turn, self.bot.rule))
        elif command == "/why":
            self.console.print("Nothing was asked yet.\n", style="dim")
        elif command == "/help":
            self.console.print("Type a question, or the number of a choice. There are also these commands:")
            self._list_commands()
        else:
            self.console.print(f"There is no command {printable(command)}. There are these:")
            self._list_commands()

    def _list_commands(self) -> None:
        for command, purpose in COMMANDS.items():
            self.console.print(f"  {command:<9} {purpose}")
        self.console.print()

    def _show(self, reply: Reply) -> None:
        self.console.print()
        show(self.console, reply)
        self.console.print()


def _typed() -> Iterator[str]:
    """Lines from the keyboard, earlier ones by the arrow keys; they are kept in memory, never on disk."""
    with suppress(ImportError):  # Windows has none, but arrow keys of its own
        # Importing it is enough: `input` then edits lines. Not at the top: it may write to a pipe.
        import readline  # noqa: F401
    while True:
        yield input(_PROMPT)


def _piped() -> Iterator[str]:
    """Lines from a file or another program, whatever bytes they hold."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace")
