"""The page on capacity: from the figures measured to machines for one clinic, for a hundred and for ten thousand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from string import Template
from typing import Any

from tests.benchmarks.markdown import figure, table, verdict
from tests.benchmarks.traffic import (
    BURST,
    CONVERSATIONS,
    HOURS,
    MESSAGES_A_CONVERSATION,
    MISSED,
    THUMBS,
    messages_a_day,
    messages_a_second_at_peak,
)

PAGE = Path(__file__).with_name("capacity_page.md")
#: The parts whose figures the page needs.
NEEDED = ("start", "http", "stores", "day")
CLINICS = (1, 100, 10_000)
#: The machine that is counted in, and how much of it is used: what waits grows fast beyond.
CORES, GIGABYTES = 8, 32
CORES_USED, MEMORY_USED = 0.5, 0.8
#: What PostgreSQL allows unless it is told otherwise.
MAX_CONNECTIONS = 100
#: How far a simulated day may be from what the page expects of it, and how long a patient may wait in it.
TOLERANCE = 0.3
MOST_MILLISECONDS = 500.0
RETENTION_DAYS = 30


@dataclass(frozen=True)
class Figures:
    """What was measured, and all that the page is reckoned from."""

    milliseconds: float
    worker: float
    first: float
    redis_a_message: float
    redis_a_second: float
    turns_a_second: float
    connections: float
    idle_transactions: float
    counts_a_day: float
    bytes_a_row: Mapping[str, float]
    kept: float

    @classmethod
    def of(cls, results: Mapping[str, Any]) -> "Figures":
        """The figures from the parts that were measured."""
        http, stores, day, start = (results[name] for name in ("http", "stores", "day", "start"))
        a_count = stores["commands"]
        return cls(
            milliseconds=http["chat"]["milliseconds"],
            worker=http["worker"],
            first=http["first"],
            redis_a_message=a_count * counts_a_message(),
            redis_a_second=a_count * best_rate(stores["rows"], "Redis"),
            turns_a_second=best_rate(stores["rows"], "PostgreSQL"),
            connections=day["connections"],
            idle_transactions=day["idle_transactions"],
            counts_a_day=sum(day["tables"][name]["rows"] for name in ("turn_counts", "intent_counts")),
            bytes_a_row={name: each["bytes"] / max(each["rows"], 1) for name, each in day["tables"].items()},
            kept=start["kept"],
        )


def counts_a_message() -> float:
    """Rate limits that a message counts: the address, later the conversation too; a thumb now and then."""
    return 1 + (1 - 1 / MESSAGES_A_CONVERSATION) + THUMBS


def best_rate(rows: Sequence[Mapping[str, Any]], store: str) -> float:
    """The most that a store carried."""
    return max(float(row["rate"]) for row in rows if row["store"] == store)


def page(results: Mapping[str, Any]) -> str:
    """The whole page."""
    figures, day = Figures.of(results), results["day"]
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        assumptions(),
        measured=measured(figures),
        shared=shared(figures),
        separate=separate(figures),
        stores=stores(figures),
        peak_cores=figure(cores(figures, CLINICS[-1])),
        installation=figure((figures.first + figures.worker) / 1024),
        idle=figure(CLINICS[-1] * figures.idle_transactions),
        kept=figure(figures.kept),
        clinics=day["plan"]["clinics"],
        seconds=figure(day["plan"]["seconds"]),
        check=check(day, figures),
    )


def assumptions() -> dict[str, str]:
    """What a clinic's patients do, and what a machine is."""
    return {
        "conversations": f"{CONVERSATIONS}",
        "length": f"{MESSAGES_A_CONVERSATION:.2f}",
        "busiest": f"{max(HOURS) / sum(HOURS):.1%}",
        "burst": f"{BURST:g}",
        "missed": f"{MISSED:.0%}",
        "days": f"{RETENTION_DAYS}",
        "thumbs": f"{THUMBS:.0%}",
        "cores": f"{CORES}",
        "gigabytes": f"{GIGABYTES}",
        "cores_used": f"{CORES_USED:.0%}",
        "memory_used": f"{MEMORY_USED:.0%}",
        "tolerance": f"{TOLERANCE:.0%}",
    }


def measured(figures: Figures) -> str:
    """The figures that the page stands on."""
    rows = [
        ["messages that a core answers a second", figure(1000 / figures.milliseconds)],
        ["memory of the first process, MB", figure(figures.first)],
        ["further memory of each worker, MB", figure(figures.worker)],
        ["commands of Redis for a message", figure(figures.redis_a_message)],
        ["commands that Redis carried a second", figure(figures.redis_a_second)],
        ["turns that PostgreSQL took a second, from one process", figure(figures.turns_a_second)],
        ["connections to PostgreSQL of a worker", figure(figures.connections)],
        [
            "transactions a second of an idle worker, which looks for what staff publish",
            figure(figures.idle_transactions),
        ],
        ["rows of counts that a day of one knowledge leaves", figure(figures.counts_a_day)],
    ]
    rows += [[f"bytes of a row of `{name}`, indexes included", figure(n)] for name, n in figures.bytes_a_row.items()]
    return table(("", "measured"), rows)


def shared(figures: Figures) -> str:
    """A column for each number of clinics."""
    rows = {
        "messages a day": messages_a_day,
        "messages a second at peak": messages_a_second_at_peak,
        "cores": lambda clinics: cores(figures, clinics),
        "workers, at least two": lambda clinics: processes(figures, clinics),
        "memory, GB": lambda clinics: (figures.first + processes(figures, clinics) * figures.worker) / 1024,
        "machines": lambda clinics: machines(
            cores(figures, clinics), (figures.first + processes(figures, clinics) * figures.worker) / 1024
        ),
        "rows written a day": lambda clinics: figures.counts_a_day + texts_a_day(clinics) + votes_a_day(clinics),
        "database after 30 days, MB": lambda clinics: megabytes(figures, clinics, knowledges=1),
        "commands of Redis a second at peak": lambda clinics: (
            messages_a_second_at_peak(clinics) * figures.redis_a_message
        ),
    }
    return by_clinics(rows)


def separate(figures: Figures) -> str:
    """A column for each number of clinics."""

    def memory(clinics: float) -> float:
        return clinics * (figures.first + figures.worker) / 1024

    rows = {
        "memory, GB": memory,
        "machines": lambda clinics: machines(cores(figures, clinics), memory(clinics)),
        "connections to PostgreSQL": lambda clinics: clinics * figures.connections,
        "transactions a second while nobody asks": lambda clinics: clinics * figures.idle_transactions,
        "rows written a day": lambda clinics: (
            clinics * figures.counts_a_day + texts_a_day(clinics) + votes_a_day(clinics)
        ),
        "databases after 30 days, MB": lambda clinics: megabytes(figures, clinics, knowledges=clinics),
    }
    return by_clinics(rows)


def by_clinics(rows: Mapping[str, Any]) -> str:
    """A table with a column for each number of clinics."""
    headings = ["", *(f"{clinics:,} clinic{'s' * (clinics > 1)}" for clinics in CLINICS)]
    return table(headings, [[name, *(figure(reckon(clinics)) for clinics in CLINICS)] for name, reckon in rows.items()])


def cores(figures: Figures, clinics: float) -> float:
    """Cores that the peak keeps busy."""
    return messages_a_second_at_peak(clinics) * figures.milliseconds / 1000


def processes(figures: Figures, clinics: float) -> int:
    """Workers: one for each core's worth that may be used, and two in any case, so that one can be replaced."""
    return max(2, ceil(cores(figures, clinics) / CORES_USED))


def machines(busy_cores: float, gigabytes: float) -> int:
    """Machines of the kind that is counted in."""
    return max(1, ceil(busy_cores / (CORES * CORES_USED)), ceil(gigabytes / (GIGABYTES * MEMORY_USED)))


def texts_a_day(clinics: float) -> float:
    """Rows of questions kept."""
    return messages_a_day(clinics) * MISSED


def votes_a_day(clinics: float) -> float:
    """Rows of thumbs."""
    return messages_a_day(clinics) * THUMBS


def megabytes(figures: Figures, clinics: float, knowledges: float) -> float:
    """What thirty days leave in the database, without revisions and models."""
    size = figures.bytes_a_row
    counts = knowledges * figures.counts_a_day * size["intent_counts"]
    a_day = counts + texts_a_day(clinics) * size["questions"] + votes_a_day(clinics) * size["votes"]
    return a_day * RETENTION_DAYS / 2**20


def stores(figures: Figures) -> str:
    """How many clinics each store carries, and what ends first."""
    a_clinic = messages_a_second_at_peak(1)
    carried = {
        "PostgreSQL: turns written": (figures.turns_a_second, a_clinic),
        "Redis: commands": (figures.redis_a_second, a_clinic * figures.redis_a_message),
        "PostgreSQL: connections, a knowledge each": (MAX_CONNECTIONS, figures.connections),
    }
    rows = [[name, figure(most), figure(one), f"{most / one:,.0f}"] for name, (most, one) in carried.items()]
    return table(("", "carried", "of one clinic", "clinics"), rows)


def check(day: Mapping[str, Any], figures: Figures) -> str:
    """What the page expects of the simulated day beside what was seen."""
    clinics, sent = day["plan"]["clinics"], day["messages"]
    missed = sum(day["kinds"].get(kind, 0) for kind in ("fallback", "clarify"))
    failed = sum(day["failed"].values())
    expected = [
        ("messages", messages_a_day(clinics), sent),
        ("thumbs", sent * THUMBS, day["thumbs"]),
        ("turns counted", sum(day["kinds"].values()), day["counted"]),
        ("time of a processor for a message, ms", figures.milliseconds, day["processor"]),
    ]
    at_most = [
        ("commands of Redis", sent * figures.redis_a_message, day["redis"]),
        ("messages not answered well", sent * MISSED, missed),
        ("rows of questions", sent * MISSED, day["tables"]["questions"]["rows"]),
        ("99th percentile of a reply in the busiest hour, ms", MOST_MILLISECONDS, day["peak"]["slowest"]),
        ("failures", 0, failed),
    ]
    rows = [[name, figure(n), figure(got), verdict(abs(got - n) <= TOLERANCE * n)] for name, n, got in expected]
    rows += [[name, f"at most {figure(n)}", figure(got), verdict(got <= n)] for name, n, got in at_most]
    return table(("", "expected", "seen", ""), rows)
