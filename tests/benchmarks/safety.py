"""Time of the safety gate and of redaction beside a plain TF-IDF `transform` of the same messages.

Both sides are measured in one run, in turns, so that a busy machine slows both. Prints a Markdown table:
`python -m tests.benchmarks.safety`.
"""

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer

from chatbot.dialogue.alarm import Alarm
from chatbot.dialogue.safety import SafetyGate
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.model import Knowledge
from chatbot.language.english import load_english
from chatbot.language.privacy import redact
from tests.benchmarks.speed import Row, compare, draw_rows, milliseconds, phrasings

INTENTS = Path(__file__).parents[2] / "intents"
MESSAGES = 150
SHORT, LONG = 100, 10_000  # characters
MOST_TIMES_PLAIN = 2
MOST_TIMES_SHORT = 150
MOST_SECONDS_TO_START = 1
BEST_OF = 5


def main() -> None:
    """Print the table; leave with an error if a limit is not kept."""
    rows = run()
    print(draw(rows))
    sys.exit(any(not Row(**row).holds for row in rows))


def run() -> list[dict[str, Any]]:
    """A row for each figure."""
    knowledge = load_knowledge(INTENTS)
    rows = [started(knowledge)]
    alarm = Alarm.of(knowledge, load_english())
    for name, work in {"gate": alarm.gate, "redaction": redact}.items():
        print(f"  {name}", file=sys.stderr, flush=True)
        rows += measured(name, work, knowledge)
    return [asdict(row) for row in rows]


def draw(rows: Sequence[Mapping[str, Any]]) -> str:
    """The table."""
    note = "The safety gate and redaction, beside scikit-learn's word TF-IDF `transform` of the same messages."
    return f"{note}\n\n{draw_rows(rows)}"


def started(knowledge: Knowledge) -> Row:
    """How long the gate takes to be made from rules already read."""
    english = load_english()
    seconds = milliseconds(partial(SafetyGate, knowledge.safety, english)) / 1000
    return Row("start of the gate: seconds", f"{seconds:.2f} s", "", seconds, MOST_SECONDS_TO_START)


def measured(name: str, work: Callable[[str], object], knowledge: Knowledge) -> list[Row]:
    """Time of a short message beside TF-IDF, and of a long one beside the hundred that it can be cut into."""
    texts, _ = phrasings(knowledge)
    vectoriser = TfidfVectorizer().fit(texts)
    alarming = [message.text for message in knowledge.safety_messages if message.alarming]
    messages = [*made_of(texts, SHORT), *made_of(alarming, SHORT)]
    ours, plain = [], []
    for message in messages:
        work(message)  # what is made at first use is no part of the time of a message
        plain.append(best(partial(vectoriser.transform, [message])))
        ours.append(best(partial(work, message)))
    long = made_of([*texts, *alarming], LONG)[:BEST_OF]
    pieces = [message[start : start + SHORT] for message in long for start in range(0, LONG, SHORT)]
    whole, piece = (fmean(best(partial(work, message)) for message in each) for each in (long, pieces))
    return [
        compare(f"{name}, {SHORT} characters: ratio to TF-IDF", median(ours), median(plain), MOST_TIMES_PLAIN),
        compare(f"{name}, {LONG} characters: ratio to {SHORT}", whole, piece, MOST_TIMES_SHORT),
    ]


def made_of(texts: Sequence[str], length: int) -> list[str]:
    """Messages of that many characters, each several texts in a row."""
    chance = random.Random(0)
    each = 2 * length // min(map(len, texts))
    return [" ".join(chance.choices(texts, k=each))[:length] for _ in range(MESSAGES)]


def best(work: Callable[[], object]) -> float:
    """Milliseconds of the quickest of several runs."""
    times = []
    for _ in range(BEST_OF):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return min(times)


if __name__ == "__main__":
    main()
