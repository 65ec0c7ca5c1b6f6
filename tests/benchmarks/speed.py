"""Time and memory of the chatbot beside plain scikit-learn on the same phrasings.

Both sides are measured in one run, in turns, so that a busy machine slows both. Prints a Markdown table:
`python -m tests.benchmarks.speed`.
"""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from chatbot import Chatbot
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.model import Knowledge
from tests.benchmarks.markdown import figure, table, verdict

INTENTS = Path(__file__).parents[2] / "intents"
MESSAGES = 300
DROPPED = 0.2
FITS = 3
RESIDENT = """
import sys
from chatbot import Chatbot
Chatbot.load(sys.argv[1]).reply("what is PRP?")
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmRSS:")))
"""


@dataclass(frozen=True)
class Row:
    """One figure, what it is held against, and the most that it may be."""

    name: str
    ours: str
    plain: str
    value: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether it is within the limit."""
        return self.value <= self.limit

    @property
    def cells(self) -> list[str]:
        """As it stands in a table."""
        return [self.name, self.ours, self.plain, figure(self.value), f"{self.limit:g}", verdict(self.holds)]


def main() -> None:
    """Print the table."""
    print(draw(run()))


def run() -> dict[str, Any]:
    """What was asked, and a row for each figure."""
    knowledge = load_knowledge(INTENTS)
    rows = []
    for measure in (reply_times, fit_times, resident_memory):
        print(f"  {measure.__name__}", file=sys.stderr, flush=True)
        rows += [asdict(row) for row in measure(knowledge)]
    return {"messages": MESSAGES, "phrasings": len(phrasings(knowledge)[0]), "rows": rows}


def draw(results: Mapping[str, Any]) -> str:
    """The table."""
    note = (
        f"{results['messages']} messages made from the {results['phrasings']:,} phrasings of the clinic's knowledge, "
        "one at a time; the plain side is scikit-learn on the same phrasings: word TF-IDF `transform` with a sparse "
        "dot product for a reply, TF-IDF with logistic regression for a fit."
    )
    return f"{note}\n\n{draw_rows(results['rows'])}"


def draw_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """A table of rows that have a limit."""
    return table(("", "chatbot", "plain", "measured", "limit", ""), [Row(**row).cells for row in rows])


def reply_times(knowledge: Knowledge) -> list[Row]:
    """`Chatbot.reply` against TF-IDF `transform` and a sparse dot product, message by message."""
    bot = Chatbot(knowledge)
    texts, _ = phrasings(knowledge)
    vectoriser = TfidfVectorizer()
    rows = vectoriser.fit_transform(texts)

    def look_up(message: str) -> None:
        rows @ vectoriser.transform([message]).T

    messages = make_messages(texts)
    for message in messages[:20]:  # what is made at first use is no part of a reply
        look_up(message)
        bot.reply(message)
    ours, plain = [], []
    for message in messages:
        plain.append(milliseconds(partial(look_up, message)))
        ours.append(milliseconds(partial(bot.reply, message)))
    return [
        compare("reply, median: ratio", median(ours), median(plain), 8),
        compare("reply, 99th percentile: ratio", percentile(ours, 99), percentile(plain, 99), 25),
    ]


def fit_times(knowledge: Knowledge) -> list[Row]:
    """A chatbot (speller, matcher, both safety nets) from knowledge already read, against TF-IDF and regression.

    The regression learns what the matcher learns: the phrasings, and what is out of scope as one class more. The
    second row is a regression on the phrasings alone.
    """
    texts, labels = phrasings(knowledge)
    outside = knowledge.out_of_scope
    Chatbot(knowledge)  # the embeddings and the word list are read once a process

    def regress(texts: Sequence[str], labels: Sequence[str]) -> None:
        LogisticRegression(max_iter=1000).fit(TfidfVectorizer().fit_transform(texts), labels)

    ours, same, alone = [], [], []
    for _ in range(FITS):
        same.append(milliseconds(partial(regress, [*texts, *outside], [*labels, *([""] * len(outside))])))
        ours.append(milliseconds(partial(Chatbot, knowledge)))
        alone.append(milliseconds(partial(regress, texts, labels)))
    return [
        compare("fit of the knowledge: ratio", median(ours), median(same), 1.5),
        compare("fit, plain without the out-of-scope: ratio", median(ours), median(alone), 1.5),
    ]


def resident_memory(_: Knowledge) -> list[Row]:
    """What a new process holds in memory that has loaded the chatbot and answered once (Linux only).

    The first one has to fit its models and keeps them; the second one finds them.
    """
    if not Path("/proc/self/status").exists():
        return []
    rows = []
    with TemporaryDirectory() as folder:
        for name in ("resident memory after a first fit: MB", "resident memory, models kept: MB"):
            command = [sys.executable, "-c", RESIDENT, str(INTENTS)]
            environment = os.environ | {"CHATBOT_CACHE": folder}
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
            megabytes = int(done.stdout) / 1024
            rows.append(Row(name, f"{megabytes:.0f} MB", "", megabytes, 300))
    return rows


def phrasings(knowledge: Knowledge) -> tuple[list[str], list[str]]:
    """The questions and phrasings of all intents, and the intent of each."""
    pairs = [(text, i.id) for i in knowledge.intents() for text in (i.question, *i.phrasings)]
    return [text for text, _ in pairs], [intent for _, intent in pairs]


def make_messages(texts: Sequence[str]) -> list[str]:
    """Phrasings in random order, each with about a fifth of its words left out."""
    chance = random.Random(0)
    return [
        " ".join([word for word in text.split() if chance.random() >= DROPPED] or text.split()[:1])
        for text in chance.sample(texts, MESSAGES)
    ]


def milliseconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many per cent of the values do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def compare(name: str, ours: float, plain: float, limit: float) -> Row:
    """A row for two times in milliseconds and their ratio."""
    return Row(name, f"{ours:.2f} ms", f"{plain:.2f} ms", ours / plain, limit)


if __name__ == "__main__":
    main()
