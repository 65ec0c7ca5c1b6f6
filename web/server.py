"""How gunicorn runs the website: its settings and hooks, read by name (`gunicorn --config python:web.server`)."""

import gc
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import multiprocess

from chatbot.language.privacy import redact
from chatbot.settings import Settings
from web.logs import configuration
from web.services import services_of

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

#: Of so many safety messages one is read before the workers start: a second's work, and most wordings are met.
_FEW = 8

_settings = Settings.of_environment(os.environ)

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.workers
threads = _settings.threads
worker_class = "gthread"
preload_app = True  # the workers share what the first process has loaded
keepalive = 5
limit_request_line = 8_190  # a long search in Bengali: nine bytes a letter
timeout = 30
graceful_timeout = 30
forwarded_allow_ips = ""  # whom to trust is a setting of ours (CHATBOT_PROXIES)
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a disk that stalls would end workers
proc_name = "clinic-chatbot"
logconfig_dict = configuration(_settings.log_level)


def when_ready(server: "Arbiter") -> None:
    """Before the workers start: load what first replies load, and leave it alone, so that its memory stays shared."""
    bot = services_of(server.app.wsgi()).live.bot
    for intent in bot.intents.values():
        redact(bot.reply(intent.question).text)
    for message in bot.knowledge.safety_messages[::_FEW]:  # a wording is compiled when a message first calls for it
        bot.alarm.gate(message.text)
    gc.collect()
    gc.freeze()


def post_worker_init(worker: "Worker") -> None:
    """In a new worker: start what runs beside the requests."""
    services_of(worker.wsgi).start()


def worker_exit(_server: "Arbiter", worker: "Worker") -> None:
    """In a worker that ends: write what waits."""
    if worker.wsgi is not None:
        services_of(worker.wsgi).stop()


def child_exit(_server: "Arbiter", worker: "Worker") -> None:
    """After a worker has ended: forget the counters that only hold for living ones."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: "Arbiter") -> None:
    """At the very end: remove the counters."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
