"""A server of our own for the benchmarks: started, watched and ended."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from chatbot.curation.questions import read_questions
from chatbot.knowledge.files import load_knowledge

ROOT = Path(__file__).parents[2]
INTENTS = ROOT / "intents"
KEY = "a key for benchmarks, of at least 32 characters"
#: Seconds that a start may take: without a kept model it fits one.
_START = 180.0


def messages(number: int) -> list[str]:
    """So many distinct messages: our evaluation questions first, which match nothing word for word, then phrasings."""
    asked = [question.text for question in read_questions(INTENTS / "evaluation")]
    phrasings = [phrasing for intent in load_knowledge(INTENTS).intents() for phrasing in intent.phrasings]
    found = list(dict.fromkeys([*asked, *phrasings]))
    step = max((len(found) - len(asked)) // (number - len(asked)), 1) if number > len(asked) else 1
    return [*found[: len(asked)], *found[len(asked) :: step]][:number]


@contextmanager
def running(command: Sequence[str], port: int, environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """A server that answers on a port; its process id, which is that of gunicorn's first process."""
    with log.open("wb") as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=errors, stderr=errors)
        try:
            _await(f"http://127.0.0.1:{port}/healthz", process, log)
            yield process.pid
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def chat_server(port: int, environment: Mapping[str, str]) -> Iterator[tuple[int, Path]]:
    """`serve` as in production, with limits that do not stop a benchmark; its process id and its log."""
    with TemporaryDirectory() as folder:
        settings = {
            "SECRET_KEY": KEY,
            "PORT": str(port),
            "CHATBOT_DATA": folder,
            "CHATBOT_LIMIT_ADDRESS": "1000000",
            "CHATBOT_LIMIT_SESSION": "1000000",
        }
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "chatbot", "--intents", str(INTENTS), "serve"]
        with running(command, port, settings | dict(environment), log) as pid:
            yield pid, log


@contextmanager
def redis_server(port: int) -> Iterator[str]:
    """A Redis of our own that keeps nothing on disk; its address."""
    if shutil.which("redis-server") is None:
        raise SystemExit("This needs Redis: apt-get install redis-server")
    with TemporaryDirectory() as folder:
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            server = redis.Redis(port=port, retry=Retry(ConstantBackoff(0.2), 50))
            server.ping()
            server.close()
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


def workers(pid: int) -> list[int]:
    """The processes that gunicorn has started, oldest first."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return sorted(map(int, found))


def private_memory(pid: int) -> float:
    """Megabytes that a process shares with no other."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def processor_seconds(first: int) -> float:
    """Seconds of a processor that a server has used so far: its first process, and the workers alive."""
    ticks = 0
    for pid in (first, *workers(first)):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_memory(pid: int) -> float:
    """Megabytes of a process, what it shares with others included."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urlopen(address, timeout=2).close()
            return
        except (URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"The server did not start:\n{log.read_text(errors='replace')}")
