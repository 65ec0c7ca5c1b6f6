"""A day of traffic in minutes, against a server of our own with PostgreSQL and Redis: `python -m tests.benchmarks.day`.

Conversations of several messages come from several clinics' sites as traffic.py has them, over the hours of a day that
is made short. The run ends by itself. Needs PostgreSQL (TEST_DATABASE_URL) and the program redis-server.
"""

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from statistics import median
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from tests.benchmarks.markdown import figure, table
from tests.benchmarks.plots import curves
from tests.benchmarks.serving import chat_server, free_port, messages, processor_seconds, redis_server, workers
from tests.benchmarks.speed import percentile
from tests.benchmarks.stores import commands, durable
from tests.benchmarks.traffic import PAUSE, THUMBS, Conversation, a_day
from tests.storage.databases import postgresql

MESSAGES = 2_000
CLIENTS = 16
IDLE = 10.0
#: Seconds that the server gets to write what waits.
GRACE = 20.0
TABLES = ("turn_counts", "intent_counts", "questions", "votes")


@dataclass(frozen=True)
class Plan:
    """How many clinics' sites, and how many seconds the day takes."""

    clinics: int
    seconds: float


DAY = Plan(clinics=100, seconds=300)
TRIAL = Plan(clinics=3, seconds=15)


@dataclass
class Seen:
    """What the clients have met: of each message its hour and its milliseconds, and what went wrong."""

    times: list[tuple[int, float]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    thumbs: int = 0
    latest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    """Print what happened."""
    print(draw(run(DAY)))


def run(plan: Plan) -> dict[str, Any]:
    """Let the day pass; what it brought, and what it left behind."""
    with ExitStack() as stack:
        url = durable(stack.enter_context(postgresql()))
        address = stack.enter_context(redis_server(free_port()))
        sites = ",".join(site(clinic) for clinic in range(plan.clinics))
        port = free_port()
        environment = {"DATABASE_URL": url, "REDIS_URL": address, "CHATBOT_SITES": sites}
        first, _ = stack.enter_context(chat_server(port, environment))
        idle = idle_transactions(url)
        number = len(workers(first))
        before, used, sent = transactions(url), processor_seconds(first), commands(address)
        seen = pass_day(plan, port)
        counted = await_counts(url, sum(seen.kinds.values()))
        return {
            "plan": asdict(plan),
            **traffic(seen),
            "processor": 1000 * (processor_seconds(first) - used) / max(len(seen.times), 1),
            "redis": commands(address) - sent - 1,
            "transactions": transactions(url) - before,
            "idle_transactions": idle / number,
            "connections": connections(url) / number,
            "workers": number,
            "counted": counted,
            "tables": sizes(url),
        }


def pass_day(plan: Plan, port: int) -> Seen:
    """Have all conversations of the day, each at its time."""
    chance = random.Random(0)
    asked = messages(MESSAGES)
    waiting = iter(a_day(plan.clinics, chance))
    seen, taking, began = Seen(), threading.Lock(), time.monotonic()

    def converse_on(number: int) -> None:
        client = Client(plan, port, seen, asked, began, random.Random(number))
        while (conversation := take(waiting, taking)) is not None:
            client.converse(conversation)

    clients = [threading.Thread(target=converse_on, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    while any(client.is_alive() for client in clients):
        hour = 24 * (time.monotonic() - began) / plan.seconds
        print(f"\r  {min(hour, 24):4.1f} h, {len(seen.times):,} messages", end="", file=sys.stderr, flush=True)
        time.sleep(1)
    print(file=sys.stderr)
    return seen


def take(waiting: Iterator[Conversation], taking: threading.Lock) -> Conversation | None:
    """The next conversation, if there is one."""
    with taking:
        return next(waiting, None)


class Client:
    """Patients who have one conversation after another, each over a connection of their own."""

    def __init__(
        self, plan: Plan, port: int, seen: Seen, asked: Sequence[str], began: float, chance: random.Random
    ) -> None:
        self.plan, self.seen, self.asked, self.began, self.chance = plan, seen, asked, began, chance
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)

    def converse(self, conversation: Conversation) -> None:
        """Send the messages of a conversation, a thumb now and then."""
        self.connection.close()
        begins = self.began + conversation.begins * self.plan.seconds
        state = None
        for place in range(conversation.messages):
            due = begins + place * PAUSE * self.plan.seconds / 86_400
            time.sleep(max(due - time.monotonic(), 0))
            reply = self.say(conversation, {"message": self.chance.choice(self.asked)} | (state or {}), due)
            if reply is None:
                return
            state = {"state": reply["state"]}
            if self.chance.random() < THUMBS:
                self.thumb(conversation, reply)

    def say(self, conversation: Conversation, body: Mapping[str, str], due: float) -> dict[str, Any] | None:
        """Send a message and note what came of it; the reply, if there was one."""
        start = time.monotonic()
        status, said = self.post(conversation, "/api/chat", body)
        taken = (time.monotonic() - start) * 1000
        reply: dict[str, Any] | None = json.loads(said) if status == "200" else None
        with self.seen.lock:
            self.seen.times.append((min(int(24 * (due - self.began) / self.plan.seconds), 23), taken))
            self.seen.latest = max(self.seen.latest, start - due)
            if reply is None:
                self.seen.failed[status] += 1
            else:
                self.seen.kinds[reply["kind"]] += 1
        return reply

    def thumb(self, conversation: Conversation, reply: Mapping[str, Any]) -> None:
        """Say whether a reply helped."""
        body = {"turn": reply["turn"], "state": reply["state"], "helpful": self.chance.random() < 0.7}
        status, _ = self.post(conversation, "/api/feedback", body)
        with self.seen.lock:
            if status == "204":
                self.seen.thumbs += 1
            else:
                self.seen.failed[f"thumb {status}"] += 1

    def post(self, conversation: Conversation, path: str, body: Mapping[str, Any]) -> tuple[str, bytes]:
        """The status, or the name of what went wrong, and the body that came back."""
        headers = {"Content-Type": "application/json", "Origin": site(conversation.clinic)}
        try:
            self.connection.request("POST", path, json.dumps(body), headers)
            response = self.connection.getresponse()
            return str(response.status), response.read()
        except (OSError, HTTPException) as error:
            self.connection.close()
            return type(error).__name__, b""


def traffic(seen: Seen) -> dict[str, Any]:
    """What the clients met, in figures."""
    hours = {hour: [taken for at, taken in seen.times if at == hour] for hour in range(24)}
    peak = max(hours.values(), key=len)
    return {
        "messages": len(seen.times),
        "kinds": dict(seen.kinds.most_common()),
        "thumbs": seen.thumbs,
        "failed": dict(seen.failed),
        "late": seen.latest * 1000,
        "peak": {"messages": len(peak), "median": median(peak), "slowest": percentile(peak, 99)},
        "hours": [
            {"hour": hour, "messages": len(times), "median": median(times), "slowest": percentile(times, 99)}
            for hour, times in hours.items()
            if len(times) > 1
        ],
    }


def await_counts(url: str, replies: int) -> int:
    """The turns that were counted, once what waits is written."""
    deadline, counted = time.monotonic() + GRACE, 0
    while time.monotonic() < deadline and counted < replies:
        time.sleep(1)
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT coalesce(sum(number), 0)::int FROM turn_counts").fetchone()
        counted = found[0] if found else 0
    return counted


def sizes(url: str) -> dict[str, dict[str, int]]:
    """Rows and bytes of each table that a day fills, indexes included."""
    found = {}
    with psycopg.connect(url) as connection:
        for name in TABLES:
            line = SQL("SELECT count(*), pg_total_relation_size({}) FROM {}").format(name, Identifier(name))
            rows, used = connection.execute(line).fetchone() or (0, 0)
            found[name] = {"rows": rows, "bytes": used}
    return found


def idle_transactions(url: str) -> float:
    """Transactions a second while nobody asks anything."""
    before, began = transactions(url), time.monotonic()
    time.sleep(IDLE)
    return (transactions(url) - before) / (time.monotonic() - began)


def transactions(url: str) -> int:
    """Transactions that the database has ended so far, those that look included."""
    with psycopg.connect(url, autocommit=True) as connection:
        time.sleep(1.1)  # a session reports what it did once a second
        line = b"SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        found = connection.execute(line).fetchone()
    return int(found[0]) if found else 0


def connections(url: str) -> int:
    """Connections to the database, without the one that asks."""
    with psycopg.connect(url) as connection:
        line = b"SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        found = connection.execute(line).fetchone()
    return int(found[0]) if found else 0


def site(clinic: int) -> str:
    """The address of a clinic's website."""
    return f"https://clinic-{clinic}.example"


def draw(results: Mapping[str, Any]) -> str:
    """What the day brought, and what it left behind."""
    plan, peak = results["plan"], results["peak"]
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in results["kinds"].items())
    failed = ", ".join(f"{number} × {status}" for status, number in results["failed"].items()) or "none"
    note = (
        f"A day of {plan['clinics']} clinics' sites in {plan['seconds']:g} s: {results['messages']:,} messages "
        f"({kinds}), {results['thumbs']:,} thumbs, from up to {CLIENTS} patients at once; {results['workers']} "
        f"workers. Failures: {failed}. Of the replies, {results['counted']:,} were counted in the database."
    )
    rows = [
        ["messages a second, busiest hour", figure(peak["messages"] / (plan["seconds"] / 24))],
        ["median of a reply in that hour, ms", figure(peak["median"])],
        ["99th percentile in that hour, ms", figure(peak["slowest"])],
        ["most that a message was late, for want of a free patient, ms", figure(max(results["late"], 0))],
        ["time of a processor for a message, ms", figure(results["processor"])],
        ["commands of Redis for a message", figure(results["redis"] / results["messages"])],
        ["transactions of PostgreSQL for a message", figure(results["transactions"] / results["messages"])],
        ["transactions a second of an idle worker", figure(results["idle_transactions"])],
        ["connections of a worker to PostgreSQL", figure(results["connections"])],
    ]
    left = [[name, f"{each['rows']:,}", f"{each['bytes'] / 1024:,.0f}"] for name, each in results["tables"].items()]
    return "\n\n".join([note, table(("", "measured"), rows), table(("table", "rows", "kB"), left)])


def plots(results: Mapping[str, Any]) -> dict[str, str]:
    """The hours of the day."""
    hours, an_hour = results["hours"], results["plan"]["seconds"] / 24
    rate = [(each["hour"], each["messages"] / an_hour) for each in hours]
    times = {
        "99th percentile of a reply, ms": [(each["hour"], each["slowest"]) for each in hours],
        "median of a reply, ms": [(each["hour"], each["median"]) for each in hours],
    }
    return {"day": curves("The hours of the day", "hour", {"messages a second": rate, **times})}


if __name__ == "__main__":
    main()
