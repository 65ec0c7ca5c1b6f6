"""What PostgreSQL and Redis carry when the chat's own code uses them: `python -m tests.benchmarks.stores`.

Needs a PostgreSQL server in which databases may be made (TEST_DATABASE_URL) and the program redis-server.
"""

import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import count
from time import monotonic
from typing import Any

import psycopg
import redis

from chatbot.storage.database import Database
from chatbot.storage.turns import Missed, TurnRecord, record
from tests.benchmarks.markdown import table
from tests.benchmarks.serving import free_port, redis_server
from tests.storage.databases import postgresql
from web.limits import Limits

SECONDS = 10.0
THREADS = (1, 4)
#: Records of one transaction: as on a quiet site, and as on a busy one.
BATCHES = (1, 100)
KINDS = ("answer", "answer", "answer", "handoff", "fallback")
INTENTS = 60
COUNTS = 100


def main() -> None:
    """Print the table."""
    print(draw(run()))


def run(seconds: float = SECONDS) -> dict[str, Any]:
    """Turns a second that PostgreSQL takes, and counts a second that Redis takes."""
    rows = []
    with postgresql() as url, redis_server(free_port()) as address:
        database = Database.open(durable(url))
        database.migrate()
        numbers = count()
        for batch in BATCHES:
            for threads in THREADS:
                rate = rate_of(partial(write, database, batch, numbers), threads, seconds) * batch
                rows.append({"store": "PostgreSQL", "batch": batch, "threads": threads, "rate": rate})
        database.close()
        limits = Limits(address)
        a_count = commands_a_count(address, limits)
        for threads in THREADS:
            rate = rate_of(lambda: limits.count("address", f"patient {next(numbers)}", 60), threads, seconds)
            rows.append({"store": "Redis", "batch": 1, "threads": threads, "rate": rate})
    return {"rows": rows, "commands": a_count, "seconds": seconds}


def write(database: Database, batch: int, numbers: "count[int]") -> None:
    """Record turns as they come; each that was not answered has a text of its own."""
    now = datetime.now(UTC)
    turns = []
    for _ in range(batch):
        number = next(numbers)
        kind = KINDS[number % len(KINDS)]
        missed = (Missed(f"what about the matter named {number}", "unanswered", "intent_0"),)
        intents = () if kind == "fallback" else (f"intent_{number % INTENTS}",)
        turns.append(TurnRecord(now, kind, None, intents, missed if kind == "fallback" else ()))
    record(database, turns, keep_texts=True)


def rate_of(work: Callable[[], object], threads: int, seconds: float) -> float:
    """How often a second the work is done by so many threads."""
    work()
    print(f"  {threads} at once", file=sys.stderr, flush=True)
    began = monotonic()

    def repeat(_: int) -> int:
        done = 0
        while monotonic() - began < seconds:
            work()
            done += 1
        return done

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(repeat, range(threads))) / (monotonic() - began)


def commands_a_count(address: str, limits: Limits) -> float:
    """Commands of Redis that a count takes, once there is a connection."""
    limits.count("address", "somebody", 60)
    with redis.Redis.from_url(address) as server:
        before = int(server.info("stats")["total_commands_processed"])
        for number in range(COUNTS):
            limits.count("address", f"number {number}", 60)
        done = int(server.info("stats")["total_commands_processed"]) - before - 1  # asking is a command, too
    return done / COUNTS


def durable(url: str) -> str:
    """The same address, its database told to wait for the disk as in production."""
    name = url.rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit TO on".encode())
    return url


def commands(address: str) -> int:
    """Commands that a Redis has carried out since its start; asking is one of them."""
    with redis.Redis.from_url(address) as server:
        return int(server.info("stats")["total_commands_processed"])


def draw(results: Mapping[str, Any]) -> str:
    """The table."""
    note = (
        f"The chat's own code from one process, {results['seconds']:g} s each, the database waiting for its "
        "disk: turns that PostgreSQL counts (every fifth with its text), and counts of the rate limits in Redis, each "
        f"of which is {results['commands']:g} commands there."
    )
    rows = [[row["store"], f"{row['batch']}", f"{row['threads']}", f"{row['rate']:,.0f}"] for row in results["rows"]]
    return f"{note}\n\n{table(('store', 'records a transaction', 'at once', 'records a second'), rows)}"


if __name__ == "__main__":
    main()
