"""`/api/chat` beside a Flask view that returns a constant of the same size, on the same gunicorn: `make bench-http`.

2,000 distinct messages, no cache of replies, wrk on this machine; in turns, so that a busy machine slows both.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

from tests.benchmarks.serving import chat_server, messages, private_memory, running, workers
from web import server

PORT = 8140
MESSAGES = 2_000
ROUNDS = 3
SECONDS = 10
CONNECTIONS = 8
UNITS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}

ASK = """
local file = io.open("%s")
local lines = {}
for line in file:lines() do lines[#lines + 1] = line end
local place = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request()
    place = place %% #lines + 1
    return wrk.format(nil, "/api/chat", nil, lines[place])
end
"""


@dataclass(frozen=True)
class Run:
    """What wrk measured: requests in a second, and the time that 99 of 100 stayed under, in milliseconds."""

    rate: float
    slowest: float
    failed: int


def main() -> None:
    """Print the table."""
    if shutil.which("wrk") is None:
        raise SystemExit("This needs wrk: apt-get install wrk")
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        asked = messages(MESSAGES)
        script = _script(folder, asked)
        first, _ = stack.enter_context(chat_server(PORT, {}))
        body = typical_reply(asked[:200])
        stack.enter_context(_constant_server(body, folder))
        chat, constant = [], []
        for _ in range(ROUNDS):
            constant.append(measure(PORT + 1, script))
            chat.append(measure(PORT, script))
        memory = [private_memory(pid) for pid in workers(first)]
        print(
            f"{len(asked)} distinct messages, {len(body)} bytes a reply, {CONNECTIONS} connections, {ROUNDS} × ", end=""
        )
        print(f"{SECONDS} s each in turns, {server.workers} workers of {server.threads} threads.\n")
        print_table(constant, chat, memory)
        print(f"\n{sum(run.failed for run in chat)} of the chat's replies were no 200.")


def print_table(constant: Sequence[Run], chat: Sequence[Run], memory: Sequence[float]) -> None:
    """The figures, the middle one of all rounds, beside their limits."""
    rates = [median(run.rate for run in runs) for runs in (constant, chat)]
    slow = [median(run.slowest for run in runs) for runs in (constant, chat)]
    print("| | constant view | /api/chat | measured | limit | |")
    print("|---|---:|---:|---:|---:|---|")
    share, times = rates[1] / rates[0], slow[1] / slow[0]
    print(
        f"| requests a second | {rates[0]:,.0f} | {rates[1]:,.0f} | {share:.0%} | ≥ 25% | {_verdict(share >= 0.25)} |"
    )
    print(f"| 99th percentile | {slow[0]:.1f} ms | {slow[1]:.1f} ms | {times:.1f} × | ≤ 6 × | {_verdict(times <= 6)} |")
    most = max(memory)
    print(f"| private memory of a worker | | {most:.0f} MB | | ≤ 80 MB | {_verdict(most <= 80)} |")


def measure(port: int, script: Path) -> Run:
    """One run of wrk."""
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{SECONDS}s",
        "--latency",
        "-s",
        str(script),
        f"http://127.0.0.1:{port}",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate, slowest = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if rate is None or slowest is None:
        raise SystemExit(f"wrk said something else:\n{said}")
    return Run(float(rate[1]), float(slowest[1]) * UNITS[slowest[2]], int(failed[1]) if failed else 0)


def typical_reply(asked: Sequence[str]) -> str:
    """The reply of middling length."""
    replies = sorted((_ask(text) for text in asked), key=len)
    return replies[len(replies) // 2]


def _ask(text: str) -> str:
    body: dict[str, Any] = {"message": text}
    request = Request(
        f"http://127.0.0.1:{PORT}/api/chat", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request) as response:
        return str(response.read().decode())


def _script(folder: Path, asked: Sequence[str]) -> Path:
    bodies, script = folder / "bodies", folder / "ask.lua"
    bodies.write_text("\n".join(json.dumps({"message": text}) for text in asked), encoding="utf-8")
    script.write_text(ASK % bodies, encoding="utf-8")
    return script


@contextmanager
def _constant_server(body: str, folder: Path) -> Iterator[int]:
    settings = {
        "bind": f"127.0.0.1:{PORT + 1}",
        "workers": server.workers,
        "threads": server.threads,
        "worker-class": server.worker_class,
        "keep-alive": server.keepalive,
    }
    command = [sys.executable, "-m", "gunicorn", "--preload", "--no-control-socket"]
    command += [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    command.append("tests.benchmarks.constant:app")
    with running(command, PORT + 1, {"CONSTANT_BODY": body}, folder / "constant.log") as pid:
        yield pid


def _verdict(holds: bool) -> str:
    return "holds" if holds else "**does not hold**"


if __name__ == "__main__":
    main()
