"""Accuracy of the matcher alone on public data sets: `python -m tests.benchmarks.public FOLDER [NAME …]`.

FOLDER holds hint3/, clinc150/ and banking77/ as their publishers wrote them. Nothing is tuned to a set: each
row is a new `Matcher()` fitted on the training texts alone. Prints a Markdown table.
"""

import csv
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from sklearn.metrics import roc_auc_score

from chatbot import Matcher

Example = tuple[str, str | None]
HEADINGS = (
    *("data set", "learnt", "asked", "accuracy", "AUROC"),
    *("threshold", "in scope", "out of scope", "overall", "fit"),
)
OUT_OF_SCOPE = "NO_NODES_DETECTED"


@dataclass(frozen=True)
class DataSet:
    """Training texts with their intents, and test texts, whose label None says: out of scope."""

    train: Sequence[Example]
    test: Sequence[Example]


@dataclass(frozen=True)
class Result:
    """Shares from 0 to 1, each None where the set has nothing to measure it with.

    accuracy: in scope, were every question answered; auroc: of the confidence, in scope against out of scope;
    in_scope, out_of_scope, overall: share right where only a confidence from `threshold` is answered.
    """

    accuracy: float
    auroc: float | None
    threshold: float
    in_scope: float
    out_of_scope: float | None
    overall: float
    seconds: float


def main() -> None:
    """Print a row for each data set that was asked for, or for all."""
    folder, *names = sys.argv[1:] or sys.exit(__doc__)
    print(f"| {' | '.join(HEADINGS)} |\n|---|{'---:|' * (len(HEADINGS) - 1)}")
    for name in names or SETS:
        data = SETS[name](Path(folder))
        result = measure(data)
        cells = [name, str(len(data.train)), str(len(data.test)), percent(result.accuracy)]
        cells += [f"{result.auroc:.3f}" if result.auroc is not None else "–", f"{result.threshold:.2f}"]
        cells += [percent(share) for share in (result.in_scope, result.out_of_scope, result.overall)]
        print(f"| {' | '.join([*cells, f'{result.seconds:.1f} s'])} |", flush=True)


def measure(data: DataSet) -> Result:
    """Fit a matcher on the training texts and ask it the test texts."""
    start = perf_counter()
    matcher = Matcher().fit([text for text, _ in data.train], [label for _, label in data.train])
    seconds = perf_counter() - start
    matches = [ranked[0] for ranked in matcher.rank_many([text for text, _ in data.test], top=1)]
    inside = [(match, label) for match, (_, label) in zip(matches, data.test) if label is not None]
    outside = [match for match, (_, label) in zip(matches, data.test) if label is None]
    right = [match for match, label in inside if match.label == label]
    answered = sum(match.confidence >= matcher.threshold_ for match in right)
    refused = sum(match.confidence < matcher.threshold_ for match in outside)
    confidences = [match.confidence for match, _ in inside] + [match.confidence for match in outside]
    truth = [True] * len(inside) + [False] * len(outside)
    return Result(
        accuracy=len(right) / len(inside),
        auroc=float(roc_auc_score(truth, confidences)) if outside else None,
        threshold=matcher.threshold_,
        in_scope=answered / len(inside),
        out_of_scope=refused / len(outside) if outside else None,
        overall=(answered + refused) / len(matches),
        seconds=seconds,
    )


def curekart(folder: Path) -> DataSet:
    """HINT3 Curekart: a live FAQ bot's phrasings and the questions that it was really asked."""
    return DataSet(
        _rows(folder / "hint3/curekart_train.csv", "sentence", "label"),
        _rows(folder / "hint3/curekart_test.csv", "sentence", "label"),
    )


def clinc(folder: Path) -> DataSet:
    """CLINC150: all training texts; asked are the validation texts, in scope and out of it."""
    parts = json.loads((folder / "clinc150/train_val.json").read_text(encoding="utf-8"))
    train = [(text, label) for text, label in parts["train"]]
    inside = [(text, label) for text, label in parts["val"]]
    return DataSet(train, [*inside, *((text, None) for text, _ in parts["oos_val"])])


def banking(folder: Path) -> DataSet:
    """BANKING77's training part: nine tenths to learn from, one to ask."""
    examples = _rows(folder / "banking77/train.csv", "text", "category")
    random.Random(0).shuffle(examples)
    cut = len(examples) * 9 // 10
    return DataSet(examples[:cut], examples[cut:])


def few(load: Callable[[Path], DataSet]) -> Callable[[Path], DataSet]:
    """The same set with ten training texts an intent, chosen with a fixed seed."""

    def load_few(folder: Path) -> DataSet:
        data = load(folder)
        by_label: dict[str | None, list[Example]] = defaultdict(list)
        for example in data.train:
            by_label[example[1]].append(example)
        chance = random.Random(0)
        return DataSet([e for group in by_label.values() for e in chance.sample(group, 10)], data.test)

    return load_few


def percent(share: float | None) -> str:
    """A share as per cent."""
    return "–" if share is None else f"{share:.1%}".rstrip("%")


def _rows(path: Path, text: str, label: str) -> list[Example]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(r[text], None if r[label] == OUT_OF_SCOPE else r[label]) for r in csv.DictReader(file)]


SETS: Mapping[str, Callable[[Path], DataSet]] = {
    "curekart": curekart,
    "banking77-10": few(banking),
    "clinc150-10": few(clinc),
    "banking77": banking,
    "clinc150": clinc,
}

if __name__ == "__main__":
    main()
