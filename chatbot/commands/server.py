"""The command that serves the website."""

import os
import socket
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import click

from chatbot.errors import SettingError

if TYPE_CHECKING:
    from chatbot.settings import Settings

#: Libraries of linear algebra start threads by themselves. The vectors of a message are too short for that: a worker
#: would spend its time on waiting for them, and the workers, one for each processor, would take it from each other.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@click.command()
@click.option("--demo", is_flag=True, help="Try it on this machine: no settings needed, a key is made and kept.")
@click.option("--host", metavar="ADDRESS", help="The network address to listen on.")
@click.option("--port", metavar="NUMBER", help="The port to listen on.")
@click.pass_obj
def serve(intents: Path, demo: bool, host: str | None, port: str | None) -> None:
    """Serve the website: the chat for the widget, the demo page, the pages of questions.

    Everything else comes from the environment (docs/deployment.md).
    """
    from chatbot.settings import Settings, demo_key

    given = {"CHATBOT_INTENTS": str(intents), "CHATBOT_HOST": host, "PORT": port}
    environment = dict(os.environ) | {name: value for name, value in given.items() if value}
    if demo:
        environment.setdefault("CHATBOT_LOG_LEVEL", "warning")
        environment.setdefault("SECRET_KEY", demo_key(Settings.of_environment(environment).data))
    settings = Settings.of_environment(environment)
    settings.require_key()
    if "LISTEN_FDS" not in environment:  # else systemd holds the socket, and gunicorn takes it over
        _require_free(settings)
    if demo:
        click.echo(f"The demo is at http://{settings.host}:{settings.port} in a few seconds. Ctrl-C ends it.")
    for name in _ONE_THREAD:
        environment.setdefault(name, "1")
    environment.setdefault("PROMETHEUS_MULTIPROC_DIR", mkdtemp(prefix="clinic-chatbot-"))
    # The website stands above the chatbot, which therefore knows it by name alone. gunicorn takes this process over, so
    # that whoever started it can signal gunicorn.
    arguments = ["-m", "gunicorn", "--config", "python:web.server", "web.app:of_environment()"]
    os.execve(sys.executable, [sys.executable, *arguments], environment)  # noqa: S606 - the program is our own


def _require_free(settings: "Settings") -> None:
    """Say at once, and in words, if we cannot listen there.

    Raises:
        SettingError: another program listens there, or there is no such address.
    """
    try:
        with socket.create_server((settings.host, settings.port)):
            pass
    except OSError as error:
        raise SettingError(
            f"Nothing can listen at {settings.host}:{settings.port} ({error.strerror}). "
            "End the program that does, or choose another PORT or CHATBOT_HOST."
        ) from None
