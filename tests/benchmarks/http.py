"""`/api/chat` beside a Flask view that returns a constant of the same size, on the same gunicorn.

2,000 distinct messages, no cache of replies, wrk on this machine; in turns, so that a busy machine slows both:
`python -m tests.benchmarks.http`.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

from tests.benchmarks.markdown import figure, table, verdict
from tests.benchmarks.serving import (
    chat_server,
    free_port,
    messages,
    private_memory,
    processor_seconds,
    resident_memory,
    running,
    workers,
)
from web import server

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
    requests: int
    failed: int


def main() -> None:
    """Print the table."""
    print(draw(run()))


def run(seconds: int = SECONDS, rounds: int = ROUNDS) -> dict[str, Any]:
    """The figures of both servers, the middle one of all rounds."""
    if shutil.which("wrk") is None:
        raise SystemExit("This needs wrk: apt-get install wrk")
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder, port, constant_port = Path(name), free_port(), free_port()
        asked = messages(MESSAGES)
        script = _script(folder, asked)
        first, _ = stack.enter_context(chat_server(port, {}))
        body = typical_reply(port, asked[:200])
        stack.enter_context(_constant_server(constant_port, body, folder))
        chat, constant, used = [], [], 0.0
        for number in range(rounds):
            print(f"  round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            constant.append(measure(constant_port, script, seconds))
            before = processor_seconds(first)
            chat.append(measure(port, script, seconds))
            used += processor_seconds(first) - before
        return {
            "settings": {"messages": len(asked), "bytes": len(body), "rounds": rounds, "seconds": seconds},
            "constant": _middle(constant),
            "chat": _middle(chat) | {"milliseconds": 1000 * used / sum(run.requests for run in chat)},
            "failed": sum(run.failed for run in chat),
            "worker": max(private_memory(pid) for pid in workers(first)),
            "first": resident_memory(first),
        }


def draw(results: Mapping[str, Any]) -> str:
    """The table, beside the limits."""
    settings, constant, chat, worker = (results[name] for name in ("settings", "constant", "chat", "worker"))
    share, times = chat["rate"] / constant["rate"], chat["slowest"] / constant["slowest"]
    note = (
        f"{settings['messages']:,} distinct messages, no cache of replies; {settings['bytes']:,} bytes a reply; wrk on "
        f"the same machine, {CONNECTIONS} connections, {settings['rounds']} × {settings['seconds']} s each in turns; "
        f"{server.workers} workers of {server.threads} threads for both. {results['failed']} of the chat's replies "
        f"were no 200. A reply takes {chat['milliseconds']:.1f} ms of a processor, so a core makes "
        f"{figure(1000 / chat['milliseconds'])} a second. The first process holds {results['first']:.0f} MB, of which "
        "workers share most."
    )
    rows = [
        _row("requests a second", constant["rate"], chat["rate"], f"{share:.0%}", "≥ 25%", share >= 0.25),
        _row("99th percentile, ms", constant["slowest"], chat["slowest"], f"{times:.1f} ×", "≤ 6 ×", times <= 6),
        ["private memory of a worker, MB", "", figure(worker), figure(worker), "≤ 80", verdict(worker <= 80)],
    ]
    return f"{note}\n\n{table(('', 'constant view', '/api/chat', 'measured', 'limit', ''), rows)}"


def _row(name: str, constant: float, chat: float, measured: str, limit: str, holds: bool) -> list[str]:
    return [name, figure(constant), figure(chat), measured, limit, verdict(holds)]


def _middle(runs: Sequence[Run]) -> dict[str, float]:
    return {"rate": median(run.rate for run in runs), "slowest": median(run.slowest for run in runs)}


def measure(port: int, script: Path, seconds: int) -> Run:
    """One run of wrk."""
    address = f"http://127.0.0.1:{port}"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script), address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate, slowest = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    requests, failed = re.search(r"(\d+) requests in", said), re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if rate is None or slowest is None or requests is None:
        raise SystemExit(f"wrk said something else:\n{said}")
    slow = float(slowest[1]) * UNITS[slowest[2]]
    return Run(float(rate[1]), slow, int(requests[1]), int(failed[1]) if failed else 0)


def typical_reply(port: int, asked: Sequence[str]) -> str:
    """The reply of middling length."""
    replies = sorted((_ask(port, text) for text in asked), key=len)
    return replies[len(replies) // 2]


def _ask(port: int, text: str) -> str:
    body: dict[str, Any] = {"message": text}
    request = Request(
        f"http://127.0.0.1:{port}/api/chat", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request) as response:
        return str(response.read().decode())


def _script(folder: Path, asked: Sequence[str]) -> Path:
    bodies, script = folder / "bodies", folder / "ask.lua"
    bodies.write_text("\n".join(json.dumps({"message": text}) for text in asked), encoding="utf-8")
    script.write_text(ASK % bodies, encoding="utf-8")
    return script


@contextmanager
def _constant_server(port: int, body: str, folder: Path) -> Iterator[int]:
    settings = {
        "bind": f"127.0.0.1:{port}",
        "workers": server.workers,
        "threads": server.threads,
        "worker-class": server.worker_class,
        "keep-alive": server.keepalive,
    }
    command = [sys.executable, "-m", "gunicorn", "--preload", "--no-control-socket"]
    command += [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    command.append("tests.benchmarks.constant:app")
    with running(command, port, {"CONSTANT_BODY": body}, folder / "constant.log") as pid:
        yield pid


if __name__ == "__main__":
    main()
