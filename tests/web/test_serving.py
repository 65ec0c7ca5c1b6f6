"""The server as a process of its own: starting, refusing to start, two of them side by side, ending."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psycopg
import pytest
from click.testing import CliRunner

from chatbot.__main__ import main
from tests.storage.databases import postgresql

KEY = "a key for tests that is long enough"
ROOT = Path(__file__).parents[2]
SETTINGS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PORT")
START = 60.0


@pytest.fixture
def shared_services(redis_url: str) -> Iterator[dict[str, str]]:
    """A PostgreSQL database of our own and a Redis, as settings."""
    with postgresql() as url:
        yield {"DATABASE_URL": url, "REDIS_URL": redis_url}


def test_without_a_key_it_refuses_to_start_and_says_how_to_make_one(small_knowledge: Path, tmp_path: Path) -> None:
    environment = dict.fromkeys(SETTINGS) | {"CHATBOT_DATA": str(tmp_path)}
    result = CliRunner(env=environment).invoke(main, ["--intents", str(small_knowledge), "serve"])
    assert result.exit_code == 2
    assert "SECRET_KEY" in result.output
    assert "secrets.token_urlsafe" in result.output


def test_a_port_that_is_taken_is_said_in_words(small_knowledge: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        arguments = ["--intents", str(small_knowledge), "serve", "--port", str(taken.getsockname()[1])]
        result = CliRunner(env={"SECRET_KEY": KEY}).invoke(main, arguments)
    assert result.exit_code == 2
    assert "PORT" in result.output


def test_a_worker_calculates_in_one_thread_unless_told_otherwise(
    small_knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The libraries read it before Python code runs, so it stands in the environment that gunicorn starts with."""
    begun: dict[str, str] = {}
    monkeypatch.setattr("chatbot.commands.server.os.execve", lambda *call: begun.update(call[2]))
    environment = {
        "SECRET_KEY": KEY,
        "OPENBLAS_NUM_THREADS": None,
        "OMP_NUM_THREADS": "3",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    arguments = ["--intents", str(small_knowledge), "serve", "--port", port]
    assert CliRunner(env=environment).invoke(main, arguments).exit_code == 0
    assert (begun["OPENBLAS_NUM_THREADS"], begun["OMP_NUM_THREADS"]) == ("1", "3")


def test_the_demo_needs_nothing_and_says_where_it_is(small_knowledge: Path, tmp_path: Path) -> None:
    """Its key is for this user alone and stays; its database is a file; the page and the chat are there."""
    with serving(small_knowledge, {"CHATBOT_DATA": str(tmp_path / "data")}, "--demo") as (address, output):
        assert address in output.read_text(encoding="utf-8")
        assert "<title>" in get(f"{address}/")
        assert ask(address, "what is PRP?")["kind"] == "answer"
        assert json.loads(get(f"{address}/readyz"))["database"] is True
    key = tmp_path / "data" / "demo-key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data" / "chatbot.db").exists()


def test_two_servers_are_one_chat(small_knowledge: Path, shared_services: Mapping[str, str], tmp_path: Path) -> None:
    """A conversation alternates between them; limits and counts are shared."""
    settings = {"SECRET_KEY": KEY, "CHATBOT_LIMIT_ADDRESS": "6", "CHATBOT_WORKERS": "1", **shared_services}
    with ExitStack() as stack:
        one, other = (
            stack.enter_context(serving(small_knowledge, settings | {"CHATBOT_DATA": str(tmp_path / name)}))[0]
            for name in ("one", "other")
        )
        reply = ask(one, "what is PRP?")
        reply = ask(other, "1", state=reply["state"])
        assert (reply["intents"], "notice" in reply) == (["prp_procedure"], False)
        reply = ask(one, "how much is it?", state=reply["state"])
        assert reply["intents"] == ["price"]
        statuses = [status(address, "qwertz asdfgh") for address in (one, other, one, other)]
        assert statuses == [200, 200, 200, 429]
    with psycopg.connect(shared_services["DATABASE_URL"]) as connection:
        rows = connection.execute("SELECT kind, sum(number)::int FROM turn_counts GROUP BY kind").fetchall()
        question = connection.execute("SELECT text, number FROM questions").fetchall()
    assert dict(rows) == {"answer": 2, "handoff": 1, "fallback": 3}
    assert question == [("qwertz asdfgh", 3)]


def test_a_worker_that_dies_is_replaced_and_counters_stay_together(small_knowledge: Path, tmp_path: Path) -> None:
    settings = {"SECRET_KEY": KEY, "CHATBOT_DATA": str(tmp_path), "CHATBOT_LIMIT_ADDRESS": "1000"}
    with serving(small_knowledge, settings) as (address, output):
        for _ in range(4):
            ask(address, "what is PRP?")
        os.kill(workers(output)[0], signal.SIGKILL)
        time.sleep(1.5)
        for _ in range(4):
            ask(address, "what is PRP?")
        assert 'chatbot_turns_total{kind="answer"} 8.0' in get(f"{address}/metrics")


def test_a_restart_turns_nobody_away(small_knowledge: Path, tmp_path: Path) -> None:
    """Where systemd holds the socket, a request that comes while no server runs is answered by the next one."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        asked = Request(
            f"http://127.0.0.1:{port}/api/chat", b'{"message": "what is PRP?"}', {"Content-Type": "application/json"}
        )
        take_over = (
            f"exec 3<&{held.fileno()}; export LISTEN_FDS=1 LISTEN_PID=$$; exec {sys.executable} -m chatbot serve"
        )
        environment = os.environ | {"SECRET_KEY": KEY, "CHATBOT_DATA": str(tmp_path)}
        environment |= {"CHATBOT_INTENTS": str(small_knowledge), "PORT": str(port)}
        process = subprocess.Popen(
            ["bash", "-c", take_over],
            cwd=ROOT,
            env=environment,
            pass_fds=[held.fileno()],
            stderr=subprocess.DEVNULL,
        )
        try:
            with urlopen(asked, timeout=START) as response:
                assert json.load(response)["intents"] == ["prp_definition"]
        finally:
            process.terminate()
            assert process.wait(60) == 0  # gunicorn waits 30 s for a worker that was still starting


def test_malformed_requests_leave_no_word_in_the_log(small_knowledge: Path, tmp_path: Path) -> None:
    """Not even those that gunicorn itself refuses."""
    settings = {"SECRET_KEY": KEY, "CHATBOT_DATA": str(tmp_path)}
    with serving(small_knowledge, settings) as (address, output):
        port = int(address.rsplit(":", 1)[1])
        for sent in (
            b"Quillfeather\r\n\r\n",
            b"GET /Quillfeather HTTP/1.1\r\nQuill feather: x\r\n\r\n",
            b"\xff" * 9_000,
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1_000)
        ask(address, "Quillfeather")
    log = output.read_text(encoding="utf-8")
    assert "uillfeather" not in log
    assert "Traceback" not in log
    for line in log.splitlines():
        json.loads(line)


@contextmanager
def serving(intents: Path, settings: Mapping[str, str], *options: str) -> Iterator[tuple[str, Path]]:
    """`serve` in a process of its own; its address and its output."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    output = Path(settings["CHATBOT_DATA"]) / "output"
    output.parent.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    command = [sys.executable, "-m", "chatbot", "--intents", str(intents), "serve", *options]
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment | dict(settings) | {"PORT": str(port)}, stdout=file, stderr=file
        )
        try:
            address = f"http://127.0.0.1:{port}"
            await_answer(address, process, output)
            yield address, output
        finally:
            process.terminate()
            assert process.wait(30) == 0, output.read_text(encoding="utf-8")


def await_answer(address: str, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + START
    while True:
        try:
            get(f"{address}/healthz")
            return
        except (URLError, OSError):
            assert process.poll() is None, output.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, output.read_text(encoding="utf-8")
            time.sleep(0.1)


def workers(output: Path) -> list[int]:
    """The processes that the log says were started."""
    return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", output.read_text(encoding="utf-8"))]


def get(address: str) -> str:
    with urlopen(address, timeout=10) as response:
        return str(response.read().decode())


def ask(address: str, message: str, **more: Any) -> dict[str, Any]:
    body = json.dumps({"message": message, **more}).encode()
    with urlopen(Request(f"{address}/api/chat", body, {"Content-Type": "application/json"}), timeout=10) as response:
        return dict(json.load(response))


def status(address: str, message: str) -> int:
    try:
        ask(address, message)
    except HTTPError as error:
        with error:
            return error.code
    return 200
