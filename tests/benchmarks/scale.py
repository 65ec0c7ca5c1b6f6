"""How fit, rank and memory grow with the phrasings: `python -m tests.benchmarks.scale [FOLDER [PHRASINGS …]]`.

The phrasings are made up: ten an intent, of words with Zipf's frequencies. Each size is measured in its own process,
beside scikit-learn on the same texts: TF-IDF with a sparse dot product. Writes Markdown and SVG plots into FOLDER.
"""

import json
import platform
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from itertools import accumulate
from math import log10
from os import cpu_count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer

from chatbot import Matcher
from chatbot.language.embeddings import load_embeddings
from chatbot.language.english import load_common

FOLDER = Path(__file__).parents[2] / "docs" / "benchmarks"
SIZES = (150, 1_500, 15_000, 150_000)
AN_INTENT = 10
ASKED = 100
VOCABULARY = 20_000
LIMIT_SECONDS = 600
PLOTS = {"rank": "Median of one question, ms", "fit": "Fit, s", "memory": "Highest memory, MB"}
NAMES = {"matcher": "Matcher", "plain": "TF-IDF + dot product"}
COLOURS = {"matcher": "#1d70b8", "plain": "#d4351c"}

Measured = Mapping[str, float]


def main() -> None:
    """Measure every size and write the page."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    sizes = [int(size) for size in sys.argv[2:]] or SIZES
    results = {size: found for size in sizes if (found := in_own_process(size)) is not None}
    for name, title in PLOTS.items():
        (folder / f"{name}.svg").write_text(plot(name, title, results), encoding="utf-8")
    (folder / "scale.md").write_text(page(results, sizes), encoding="utf-8")
    print(page(results, sizes))


def in_own_process(size: int) -> Measured | None:
    """The figures of one size; none where it takes longer than ten minutes."""
    command = [sys.executable, "-c", f"from tests.benchmarks.scale import measure; measure({size})"]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(size: int) -> None:
    """Print the figures of one size as JSON. Both sides are asked in turns, so that a busy machine slows both."""
    texts, labels = made_up(size)
    questions = [altered(text) for text in random.Random(1).sample(texts, ASKED)]
    load_embeddings()
    vectoriser = TfidfVectorizer()
    plain_fit, rows = timed(lambda: vectoriser.fit_transform(texts))
    plain_memory = megabytes()
    fit, matcher = timed(lambda: Matcher().fit(texts, labels))
    ours, plain = [], []
    for question in questions:
        plain.append(timed(partial(_plain_rank, vectoriser, rows, question))[0])
        ours.append(timed(partial(matcher.rank, question))[0])
    times = {"matcher_rank": median(ours) * 1000, "plain_rank": median(plain) * 1000}
    memory = {"matcher_memory": megabytes(), "plain_memory": plain_memory}
    print(json.dumps({**times, "matcher_fit": fit, "plain_fit": plain_fit, **memory}))


def _plain_rank(vectoriser: TfidfVectorizer, rows: Any, question: str) -> object:
    return rows @ vectoriser.transform([question]).T


def made_up(size: int) -> tuple[list[str], list[str]]:
    """Phrasings of five to twelve words, of which each intent has its own six, and the intent of each."""
    chance = random.Random(0)
    words = sorted(load_common(VOCABULARY))
    chance.shuffle(words)
    shares = list(accumulate(1 / (rank + 10) for rank in range(len(words))))
    texts, labels = [], []
    for intent in range(size // AN_INTENT):
        own = chance.choices(words, cum_weights=shares, k=6)
        for _ in range(AN_INTENT):
            common = chance.choices(words, cum_weights=shares, k=chance.randint(2, 8))
            mixed = [*chance.sample(own, 3), *common]
            texts.append(" ".join(chance.sample(mixed, len(mixed))))
            labels.append(f"intent {intent}")
    return texts, labels


def altered(text: str) -> str:
    """The text without its last word."""
    return text.rsplit(" ", 1)[0]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that the work took, and what it gave."""
    start = perf_counter()
    found = work()
    return perf_counter() - start, found


def megabytes() -> float:
    """The most that this process has held in memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def page(results: Mapping[int, Measured], sizes: Sequence[int]) -> str:
    """The Markdown page."""
    lines = [
        "# Growth with the number of phrasings",
        "",
        "Made by `make bench`; do not edit. Ten made-up phrasings an intent; each size in a process of its own.",
        f"Machine: {cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.",
        f"scikit-learn {version('scikit-learn')}. Memory is the highest of the process, the texts and Python included.",
        "",
        "| phrasings | rank, ms | TF-IDF + dot, ms | ratio | fit, s | TF-IDF fit, s | memory, MB |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size in sizes:
        found = results.get(size)
        lines.append(row(size, found) if found else f"| {size:,} | not done in ten minutes | | | | | |")
    return "\n".join([*lines, "", *(f"![{title}]({name}.svg)" for name, title in PLOTS.items()), ""])


def row(size: int, found: Measured) -> str:
    """One line of the table."""
    ratio = found["matcher_rank"] / found["plain_rank"]
    times = f"{found['matcher_rank']:.2f} | {found['plain_rank']:.2f} | {ratio:.1f}"
    fits = f"{found['matcher_fit']:.1f} | {found['plain_fit']:.1f}"
    return f"| {size:,} | {times} | {fits} | {found['matcher_memory']:.0f} |"


def plot(name: str, title: str, results: Mapping[int, Measured]) -> str:
    """A logarithmic line plot as SVG."""

    def place(size: int, value: float) -> str:
        return f"{60 + 110 * (log10(size) - 2):.0f},{200 - 30 * (log10(max(value, 1e-2)) + 1):.0f}"

    drawn = [f'<text x="60" y="16" font-weight="bold">{title}</text>']
    drawn += [f'<text x="{60 + 110 * (p - 2)}" y="240" text-anchor="middle">{10**p:,}</text>' for p in range(2, 6)]
    drawn += [f'<text x="50" y="{200 - 30 * (p + 1)}" text-anchor="end">{10.0**p:g}</text>' for p in range(-1, 5)]
    for side, colour in COLOURS.items():
        points = " ".join(place(size, found[f"{side}_{name}"]) for size, found in results.items())
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    for line, (side, text) in enumerate(NAMES.items()):
        drawn.append(f'<text x="300" y="{190 + 15 * line}" fill="{COLOURS[side]}">{text}</text>')
    inside = "\n".join(drawn)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 250" font-family="sans-serif" font-size="11">\n'
        f'<rect width="460" height="250" fill="white"/>\n{inside}\n</svg>\n'
    )


if __name__ == "__main__":
    main()
