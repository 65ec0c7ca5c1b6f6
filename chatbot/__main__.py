"""The command line: `python -m chatbot`, or `chatbot` where it is installed."""

import errno
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chatbot.commands.ask import ask
from chatbot.commands.changes import changes
from chatbot.commands.curation import check, evaluate, safety_ordinary, schema, tune
from chatbot.commands.database import backup, migrate, purge, restore
from chatbot.commands.draft import draft
from chatbot.commands.exchange import export, import_
from chatbot.commands.revisions import diff, history, publish, rollback
from chatbot.commands.server import serve
from chatbot.commands.staff import staff
from chatbot.errors import ChatbotError

if TYPE_CHECKING:
    from chatbot.bot import Chatbot


class Commands(click.Group):
    """Commands whose errors are one clear message a problem, never a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run the command; what the chatbot or the system refuses is said in words, with exit code 2."""
        try:
            return super().invoke(context)
        except ChatbotError as error:
            message = str(error)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # the reader of our output has left, as `head` does: click ends quietly
            message = f"{error.filename}: {error.strerror}." if error.filename else str(error)
        click.echo(message, err=True)
        context.exit(2)


def find_intents() -> Path:
    """`intents/` in the current folder, else beside the package."""
    here = Path("intents")
    return here if here.is_dir() else Path(__file__).resolve().parent.parent / "intents"


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--intents",
    type=click.Path(path_type=Path),
    envvar="CHATBOT_INTENTS",
    show_envvar=True,
    default=find_intents,
    show_default="intents/ here, else beside the program",
    metavar="DIR",
    help="The folder with the clinic's questions and answers.",
)
@click.pass_context
def main(context: click.Context, intents: Path) -> None:
    """Answers patients' questions from a clinic's own articles. Without a command it opens a chat."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A character that the terminal cannot show, or bytes that are no text, must not end the program.
            stream.reconfigure(errors="replace")
    context.obj = intents
    if context.invoked_subcommand is None:
        # Deferred: rich and the replies take half a second, which `--help` need not pay.
        from chatbot.console import chat

        chat(lambda: _load(intents))


def _load(intents: Path) -> "Chatbot":
    # Deferred: scikit-learn takes a second, while which the chat already shows its spinner.
    from chatbot.bot import Chatbot

    return Chatbot.load(intents)


for command in (
    ask,
    check,
    evaluate,
    tune,
    schema,
    safety_ordinary,
    serve,
    changes,
    migrate,
    purge,
    backup,
    restore,
    publish,
    history,
    rollback,
    diff,
    export,
    import_,
    draft,
    staff,
):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m chatbot")
