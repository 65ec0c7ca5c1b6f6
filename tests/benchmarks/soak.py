"""A long run on the worst day: `make soak`, or `make soak REQUESTS=1000 MINUTES=1` to try it.

200,000 requests over at least ten minutes on two workers, one of which is killed every half minute; in the middle the
database is cut off for a minute. Every reply is compared with what the chatbot says by itself. It ends when all is
asked, with a verdict for each condition. Needs PostgreSQL.
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
#: Seconds after the last request until all that waits must be written.
GRACE = 20.0
#: Seconds of records that a killed worker may take with it: they gather, and are written in batches.
UNWRITTEN = 2.0
#: Seconds that records wait on after the database is back.
BACK_OFF = 15.0
#: Megabytes by which a worker may be larger late than early.
LEVEL = 20

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
    def asked(self) -> int:
        """Requests that were sent, whatever became of them."""
        return self.answered + self.broken + sum(self.failures.values())

    @property
    def answered(self) -> int:
        """Requests that got their reply."""
        return sum(self.kinds.values())


@dataclass
class Trouble:
    """What was done to the server."""

    kills: int = 0
    cut: float = 0.0


def main() -> None:
    """Run, check, and end with 1 if anything was wrong."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else MINUTES
    asked = expected_replies()
    with ExitStack() as stack:
        url = stack.enter_context(postgresql())
        cable = stack.enter_context(Cable.to(url))
        first, _ = stack.enter_context(chat_server(PORT, {"DATABASE_URL": cable.address, "CHATBOT_WORKERS": "2"}))
        tally, trouble, stop = Tally(), Trouble(), threading.Event()
        makers = [
            threading.Thread(target=kill_workers, args=(first, stop, trouble)),
            threading.Thread(target=cut_cable, args=(cable, tally, requests, min(CUT, minutes * 12), stop, trouble)),
        ]
        for maker in makers:
            maker.start()
        began = time.monotonic()
        used = converse(asked, requests, minutes * 60, tally, first)
        seconds = time.monotonic() - began
        stop.set()
        for maker in makers:
            maker.join()
        rows = await_rows(url, tally)
        foreign = foreign_texts(url, asked)
    print(f"\n{tally.answered:,} replies: {dict(tally.kinds)}")
    conditions = [
        *run_as_meant(tally, trouble, requests, minutes, seconds),
        *replies_right(tally, trouble),
        memory_flat(used),
        *rows_intact(tally, trouble, rows, foreign, seconds),
    ]
    for said, holds in conditions:
        print(f"{'good' if holds else 'BAD '} {said}")
    sys.exit(not all(holds for _, holds in conditions))


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


def kill_workers(first: int, stop: threading.Event, trouble: Trouble) -> None:
    """Kill a worker every half minute."""
    while not stop.wait(KILL_EVERY):
        living = workers(first)
        if living:
            os.kill(random.choice(living), signal.SIGKILL)
            trouble.kills += 1


def cut_cable(
    cable: Cable, tally: Tally, requests: int, seconds: float, stop: threading.Event, trouble: Trouble
) -> None:
    """Cut the database off in the middle: once half of the requests were sent, however long that takes."""
    while tally.asked < requests / 2:
        if stop.wait(0.2):
            return
    print("the database is cut off", flush=True)
    with cable.cut():
        began = time.monotonic()
        stop.wait(seconds)
        trouble.cut = time.monotonic() - began
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


#: What must hold, in words with its figures, and whether it does.
Condition = tuple[str, bool]


def run_as_meant(tally: Tally, trouble: Trouble, requests: int, minutes: float, seconds: float) -> list[Condition]:
    """It was as many requests, as long and as bad a day as it should be."""
    sent, due = requests // CLIENTS * CLIENTS, int(seconds // KILL_EVERY) - 1
    cut = min(CUT, minutes * 12)
    return [
        (f"{tally.asked:,} requests of {sent:,}", tally.asked == sent),
        (f"{seconds / 60:.1f} minutes (at least {minutes:g})", seconds >= minutes * 60 * 0.99),
        (f"{trouble.kills} workers killed (at least {due})", trouble.kills >= due),
        (f"the database cut off for {trouble.cut:.0f} s (at least {cut:.0f})", trouble.cut >= cut * 0.99),
    ]


def replies_right(tally: Tally, trouble: Trouble) -> list[Condition]:
    """No wrong reply, and no failure but for requests in flight on a killed worker: one of each client at most."""
    in_flight = trouble.kills * CLIENTS
    return [
        (f"{len(tally.wrong)} wrong replies", not tally.wrong),
        (f"{sum(tally.failures.values())} refusals or failures {dict(tally.failures)}", not tally.failures),
        (
            f"{tally.broken} requests broken off by {trouble.kills} kills (at most {in_flight})",
            tally.broken <= in_flight,
        ),
    ]


def memory_flat(used: list[int]) -> Condition:
    """The workers grow no larger."""
    third = len(used) // 3 or 1
    early, late = max(used[:third], default=0), max(used[-third:], default=0)
    said = f"a worker's private memory: at most {early} MB in the first third, {late} MB in the last"
    return said, 0 < late <= early + LEVEL


def rows_intact(tally: Tally, trouble: Trouble, rows: dict[str, int], foreign: int, seconds: float) -> list[Condition]:
    """No count is more than what was asked, or less than what killed workers took with them; no text is another's."""
    counted = sum(rows.values())
    unwritten = UNWRITTEN * trouble.kills + trouble.cut + BACK_OFF
    least = tally.answered - tally.answered / seconds * unwritten
    more = [kind for kind, number in rows.items() if number > tally.kinds[kind] + tally.broken]
    return [
        (
            f"{counted:,} of {tally.answered:,} turns counted (at least {least:,.0f}: the rest died unwritten)",
            counted >= least,
        ),
        (f"{len(more)} kinds counted more often than asked {more}", not more),
        (f"{foreign} questions kept that nobody asked", foreign == 0),
    ]


if __name__ == "__main__":
    main()
