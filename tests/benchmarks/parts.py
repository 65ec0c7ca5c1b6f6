"""The parts of the benchmark: how each is measured, drawn and kept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import day, http, peers, public, safety, scale, speed, start, stores
from tests.benchmarks.machine import machine

#: Figures as JSON keeps them.
Results = Any


@dataclass(frozen=True)
class Part:
    """A part of the benchmark.

    measure: given the folder with the public data sets, and whether a small trial is enough; draw: the figures in
    Markdown; plots: drawings in SVG by the names of their files.
    """

    title: str
    measure: Callable[[Path, bool], Results]
    draw: Callable[[Results], str]
    plots: Callable[[Results], Mapping[str, str]] = lambda _: {}
    needs_data: bool = False


def _accuracy(data: Path, trial: bool) -> Results:
    return public.run(data, ["HINT3 Curekart"] if trial else ())


def _peers(data: Path, trial: bool) -> Results:
    sets = ("HINT3 Curekart", "150 made-up phrasings")
    return peers.run(data, seconds=150, most=20, only=sets) if trial else peers.run(data)


def _scale(_: Path, trial: bool) -> Results:
    return scale.run((150, 600) if trial else scale.SIZES)


def _http(_: Path, trial: bool) -> Results:
    return http.run(seconds=2, rounds=1) if trial else http.run()


def _start(_: Path, trial: bool) -> Results:
    return start.run(1 if trial else start.ROUNDS)


def _day(_: Path, trial: bool) -> Results:
    return day.run(day.TRIAL if trial else day.DAY)


def _stores(_: Path, trial: bool) -> Results:
    return stores.run(1 if trial else stores.SECONDS)


PARTS: Mapping[str, Part] = {
    "accuracy": Part("Accuracy on public data sets", _accuracy, public.draw, needs_data=True),
    "peers": Part("Other programs on the same data", _peers, peers.draw, peers.plots, needs_data=True),
    "scale": Part("Growth with the number of phrasings", _scale, scale.draw, scale.plots),
    "speed": Part("A message, and learning the clinic's knowledge", lambda *_: speed.run(), speed.draw),
    "safety": Part("The safety gate", lambda *_: safety.run(), safety.draw),
    "start": Part("The first answer of a new process", _start, start.draw),
    "http": Part("The website", _http, http.draw),
    "stores": Part("PostgreSQL and Redis", _stores, stores.draw),
    "day": Part("A day of traffic", _day, day.draw, day.plots),
}


def kept(folder: Path, name: str) -> dict[str, Any] | None:
    """What the part's last run found, and on which machine; none if it never ran."""
    path = folder / f"{name}.json"
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found


def keep(folder: Path, name: str, results: Results) -> None:
    """Keep what a part found in place of what it found before."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"machine": machine(), "results": results}, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
