"""A long run on the worst day: `make soak`.

200,000 requests over at least ten minutes on two workers, one of which is killed every half minute; in the middle the
database is cut off for a minute. Every reply is compared with what the chatbot says by itself. Needs PostgreSQL.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

import psycopg

from chatbot import Chatbot
from chatbot.language.privacy import redact
from tests.benchmarks.cable import Cable
from tests.benchmarks.serving import INTENTS, chat_server, messages, private_memory, workers
from tests.storage.databases import postgresql
from web.blocks import render

PORT = 8142
REQUESTS = 200_000
MINUTES = 10.0
CLIENTS = 4
KILL_EVERY = 30.0
LOOK_EVERY = 13.0
CUT = 60.0
MESSAGES = 2_000
#: Replies that a killed worker may have owed: one for each client, each time.
GRACE = 20.0

#: Kind, intents and blocks of a reply.
Expected = tuple[str, list[str], list[Any]]


@dataclass
class Tally:
    """What the clients have met."""

    kinds: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    failures: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def answered(self) -> int:
        """Requests that got their reply."""
        return sum(self.kinds.values())


def main() -> None:
    """Run, check, and end with 1 if anything was wrong."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else MINUTES
    asked = expected_replies()
    with ExitStack() as stack:
        url = stack.enter_context(postgresql())
        cable = stack.enter_context(Cable.to(url))
        first, _ = stack.enter_context(chat_server(PORT, {"DATABASE_URL": cable.address}))
        tally, stop = Tally(), threading.Event()
        kills = Counter[str]()
        trouble = threading.Thread(target=make_trouble, args=(first, cable, minutes * 60, stop, kills))
        trouble.start()
        used = converse(asked, requests, minutes * 60, tally, first)
        stop.set()
        trouble.join()
        rows = await_rows(url, tally)
        foreign = foreign_texts(url, asked)
        failed = report(tally, kills, rows, foreign, used)
    sys.exit(1 if failed else 0)


def expected_replies() -> dict[str, Expected]:
    """Each message with the kind, the intents and the blocks that it must get."""
    bot = Chatbot.load(INTENTS)
    found: dict[str, Expected] = {}
    for text in messages(MESSAGES):
        turn = bot.reply(text)
        blocks = [block.model_dump(exclude_defaults=True, mode="json") for block in render(turn.reply.blocks)]
        found[text] = (turn.kind, list(turn.intents), blocks)
    return found


def converse(
    asked: dict[str, Expected],
    requests: int,
    seconds: float,
    tally: Tally,
    first: int,
) -> list[int]:
    """Ask from several clients at once, evenly over the time, until all is asked; the memory used from time to time."""
    pace = seconds / requests * CLIENTS
    clients = [
        threading.Thread(target=ask, args=(asked, requests // CLIENTS, pace, tally, random.Random(number)))
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    used: list[int] = []
    while any(client.is_alive() for client in clients):
        time.sleep(LOOK_EVERY)
        used += memory(first)
        print(f"{tally.answered:>8,} answered, {tally.broken} broken off, {used[-1:]} MB", flush=True)
    return used


def ask(asked: dict[str, Expected], number: int, pace: float, tally: Tally, chance: random.Random) -> None:
    """One client: a message after another, each at its time, over a connection that is opened anew when it breaks."""
    texts = list(asked)
    connection = HTTPConnection("127.0.0.1", PORT, timeout=30)
    began = time.monotonic()
    for place in range(number):
        time.sleep(max(began + place * pace - time.monotonic(), 0))
        text = chance.choice(texts)
        try:
            connection.request("POST", "/api/chat", json.dumps({"message": text}), {"Content-Type": "application/json"})
            response = connection.getresponse()
            status, body = response.status, response.read()
        except (OSError, HTTPException):
            connection.close()
            with tally.lock:
                tally.broken += 1
            continue
        with tally.lock:
            note(tally, text, status, body, asked[text])
    connection.close()


def note(tally: Tally, text: str, status: int, body: bytes, expected: Expected) -> None:
    """Count a reply, and hold it against what it must be."""
    if status != 200:
        tally.failures[status] += 1
        return
    reply = json.loads(body)
    tally.kinds[reply["kind"]] += 1
    if (reply["kind"], reply["intents"], reply["blocks"]) != expected:
        tally.wrong.append(text)


def make_trouble(first: int, cable: Cable, seconds: float, stop: threading.Event, kills: Counter[str]) -> None:
    """Kill a worker every half minute; cut the database off in the middle."""
    cutter = threading.Thread(target=_cut, args=(cable, seconds, stop))
    cutter.start()
    while not stop.wait(KILL_EVERY):
        living = workers(first)
        if living:
            os.kill(random.choice(living), signal.SIGKILL)
            kills["workers"] += 1
    cutter.join()


def _cut(cable: Cable, seconds: float, stop: threading.Event) -> None:
    length = min(CUT, seconds / 5)
    if not stop.wait((seconds - length) / 2):
        print("the database is cut off", flush=True)
        with cable.cut():
            stop.wait(length)
        print("the database is back", flush=True)


def memory(first: int) -> list[int]:
    """Megabytes that the larger worker has for itself; nothing while one is being replaced."""
    try:
        return [round(max(private_memory(pid) for pid in workers(first)))]
    except (OSError, ValueError):
        return []


def await_rows(url: str, tally: Tally) -> dict[str, int]:
    """The counts by kind, once what waited is written."""
    deadline = time.monotonic() + GRACE
    rows: dict[str, int] = {}
    while time.monotonic() < deadline and sum(rows.values()) < tally.answered:
        time.sleep(1)
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT kind, sum(number)::int FROM turn_counts GROUP BY kind").fetchall()
        rows = dict(found)
    return rows


def foreign_texts(url: str, asked: Iterable[str]) -> int:
    """How many of the questions kept are none that was asked."""
    ours = {redact(text) for text in asked}
    with psycopg.connect(url) as connection:
        return sum(text not in ours for (text,) in connection.execute("SELECT text FROM questions"))


def report(tally: Tally, kills: Counter[str], rows: dict[str, int], foreign: int, used: list[int]) -> bool:
    """Print what happened; whether anything must not have."""
    third = len(used) // 3 or 1
    early, late = max(used[:third]), max(used[-third:])
    in_flight = kills["workers"] * CLIENTS * 2
    faults = {
        f"{len(tally.wrong)} wrong replies": bool(tally.wrong),
        f"{sum(tally.failures.values())} refusals or failures {dict(tally.failures)}": bool(tally.failures),
        f"{tally.broken} requests broken off by {kills['workers']} kills (at most {in_flight})": tally.broken
        > in_flight,
        f"a worker's private memory: at most {early} MB in the first third, {late} MB in the last": late > early + 20,
        f"{foreign} questions kept that nobody asked": foreign > 0,
        f"{sum(rows.values()):,} of {tally.answered:,} turns counted; the rest died with their workers": any(
            rows.get(kind, 0) > number + tally.broken for kind, number in tally.kinds.items()
        ),
    }
    print(f"\n{tally.answered:,} replies: {dict(tally.kinds)}")
    for line, bad in faults.items():
        print(f"{'BAD ' if bad else 'good'} {line}")
    return any(faults.values())


if __name__ == "__main__":
    main()
