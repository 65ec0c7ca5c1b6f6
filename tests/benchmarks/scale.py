"""How fit, rank and memory grow with the phrasings: `python -m tests.benchmarks.scale [PHRASINGS …]`.

The phrasings are made up: ten an intent, of words with Zipf's frequencies. Each size is measured in its own process,
beside scikit-learn on the same texts: TF-IDF with a sparse dot product.
"""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate
from statistics import median
from time import perf_counter
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer

from chatbot import Matcher
from chatbot.language.embeddings import load_embeddings
from chatbot.language.english import load_common
from tests.benchmarks.machine import peak_megabytes
from tests.benchmarks.markdown import figure, table
from tests.benchmarks.plots import growth

SIZES = (150, 1_500, 15_000, 150_000)
AN_INTENT = 10
ASKED = 100
VOCABULARY = 20_000
LIMIT_SECONDS = 600
PLOTS = {"rank": "Median of one question, ms", "fit": "Fit, s", "memory": "Highest memory, MB"}
NAMES = {"matcher": "Matcher", "plain": "TF-IDF + dot product"}
#: The most that the ratio may be.
LIMITS = {1_500: 4, 150_000: 6}

Measured = Mapping[str, float]


def main() -> None:
    """Print the table."""
    print(draw(run([int(size) for size in sys.argv[1:]] or SIZES)))


def run(sizes: Sequence[int] = SIZES) -> list[dict[str, Any]]:
    """The figures of each size."""
    rows = []
    for size in sizes:
        print(f"  {size:,} phrasings", file=sys.stderr, flush=True)
        rows.append({"phrasings": size, **(in_own_process(size) or {})})
    return rows


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
    plain_memory = peak_megabytes()
    fit, matcher = timed(lambda: Matcher().fit(texts, labels))
    ours, plain = [], []
    for question in questions:
        plain.append(timed(partial(_plain_rank, vectoriser, rows, question))[0])
        ours.append(timed(partial(matcher.rank, question))[0])
    times = {"matcher_rank": median(ours) * 1000, "plain_rank": median(plain) * 1000}
    memory = {"matcher_memory": peak_megabytes(), "plain_memory": plain_memory}
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


def draw(rows: Sequence[Mapping[str, Any]]) -> str:
    """The table."""
    note = (
        "One question at a time, median of 100; “plain” is scikit-learn's word TF-IDF `transform` with a sparse dot "
        "product over the same phrasings. Memory is the highest of the process, Python, the texts and the plain side "
        "included. Limits: the ratio at most 4 at 1,500 phrasings, 6 at 150,000, where a fit may take 120 s and 4 GB."
    )
    headings = ("phrasings", "rank, ms", "plain, ms", "ratio", "limit", "fit, s", "plain fit, s", "memory, MB")
    return f"{note}\n\n{table(headings, map(_cells, rows))}"


def plots(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Each figure against the number of phrasings."""
    done = [row for row in rows if "matcher_fit" in row]
    return {
        f"scale-{name}": growth(
            title,
            "phrasings",
            {text: [(row["phrasings"], row[f"{side}_{name}"]) for row in done] for side, text in NAMES.items()},
        )
        for name, title in PLOTS.items()
    }


def _cells(row: Mapping[str, Any]) -> list[str]:
    if "matcher_fit" not in row:
        return [f"{row['phrasings']:,}", f"not done in {LIMIT_SECONDS} s", *[""] * 6]
    limit = LIMITS.get(row["phrasings"])
    return [
        *(f"{row['phrasings']:,}", figure(row["matcher_rank"]), figure(row["plain_rank"])),
        *(figure(row["matcher_rank"] / row["plain_rank"]), f"{limit:g}" if limit else ""),
        *(figure(row["matcher_fit"]), figure(row["plain_fit"]), f"{row['matcher_memory']:,.0f}"),
    ]


if __name__ == "__main__":
    main()
