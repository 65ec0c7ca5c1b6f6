"""Accuracy of the matcher alone on public data sets: `python -m tests.benchmarks.public FOLDER [NAME …]`.

FOLDER holds hint3/, clinc150/ and banking77/ as their publishers wrote them; sets that are not there are left out.
Nothing is tuned to a set: each row is a new `Matcher()` fitted on the training texts alone. Prints a Markdown table.
"""

import csv
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any

from sklearn.metrics import roc_auc_score

from chatbot import Matcher
from tests.benchmarks.markdown import area, percent, table

Example = tuple[str, str | None]
OUT_OF_SCOPE = "NO_NODES_DETECTED"
SEEDS = range(5)
AN_INTENT = 10
HEADINGS = (
    *("data set", "learnt", "asked", "accuracy", "AUROC"),
    *("threshold", "in scope", "out of scope", "overall", "fit"),
)
PUBLISHED_NOTE = (
    "In-scope accuracy and out-of-scope recall beside what was published for the same sets. HINT3's figures stand at "
    "each platform's best threshold, chosen on the test questions; CLINC150's were measured on its test part, "
    "ours on its validation part."
)
#: In-scope accuracy and out-of-scope recall, both in per cent, that HINT3's authors (Arora et al. 2020, first version
#: of the data) and CLINC150's (Larson et al. 2019) published; HINT3's are at each platform's best overall threshold.
PUBLISHED: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "HINT3 Curekart": {
        "Dialogflow": (57.3, 86.5),
        "LUIS": (50.9, 87.9),
        "Haptik": (60.4, 86.8),
        "Rasa": (79.0, 42.1),
        "BERT": (80.3, 52.3),
    },
    "HINT3 SOFMattress": {
        "Dialogflow": (60.6, 86.1),
        "LUIS": (52.4, 86.1),
        "Haptik": (65.4, 66.9),
        "Rasa": (57.6, 66.3),
        "BERT": (63.6, 76.5),
    },
    "HINT3 Powerplay11": {
        "Dialogflow": (4.0, 99.6),
        "LUIS": (9.5, 97.9),
        "Haptik": (21.5, 94.6),
        "Rasa": (33.8, 80.8),
        "BERT": (43.6, 75.4),
    },
    "CLINC150": {
        "Dialogflow": (91.7, 14.0),
        "Rasa": (91.5, 45.3),
        "SVM": (91.0, 14.5),
        "MLP": (93.5, 47.4),
        "BERT": (96.9, 40.3),
    },
}


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
    print(draw(run(Path(folder), names)))


def run(folder: Path, names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """A row for each set that was asked for, or for all that are there: the mean of its cuts."""
    rows = []
    for name, cuts in data_sets(folder).items():
        if names and name not in names:
            continue
        print(f"  {name}", end="", flush=True, file=sys.stderr)
        results, learnt, asked = [], 0, 0
        for cut in cuts:
            results.append(measure(cut))
            learnt, asked = len(cut.train), len(cut.test)
            print(".", end="", flush=True, file=sys.stderr)
        print(file=sys.stderr)
        rows.append({"set": name, "learnt": learnt, "asked": asked, "cuts": len(results), **asdict(mean(results))})
    return rows


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
    return Result(
        accuracy=len(right) / len(inside),
        auroc=auroc([match.confidence for match, _ in inside], [match.confidence for match in outside]),
        threshold=matcher.threshold_,
        in_scope=answered / len(inside),
        out_of_scope=refused / len(outside) if outside else None,
        overall=(answered + refused) / len(matches),
        seconds=seconds,
    )


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """How well a confidence tells what is in scope from what is not; None where there is nothing to tell apart."""
    if not inside or not outside:
        return None
    return float(roc_auc_score([True] * len(inside) + [False] * len(outside), [*inside, *outside]))


def mean(results: Sequence[Result]) -> Result:
    """The mean of each figure over all cuts of a set."""
    columns = {name: [getattr(result, name) for result in results] for name in asdict(results[0])}
    means: dict[str, Any] = {name: None if None in values else fmean(values) for name, values in columns.items()}
    return Result(**means)


def data_sets(folder: Path) -> dict[str, Iterator[DataSet]]:
    """The sets that are in the folder, each with its cuts, which are read when they are walked through."""
    found: dict[str, Iterator[DataSet]] = {}
    for train in sorted(folder.glob("hint3/*_train.csv")):
        found[hint3_name(train)] = iter([hint3(train)])
    if (folder / "clinc150/train_val.json").exists():
        found["CLINC150"] = iter([clinc(folder)])
        found["CLINC150, out-of-scope examples learnt"] = iter([clinc(folder, learn_out_of_scope=True)])
        found["CLINC150, 10 an intent"] = (clinc_few(folder, seed) for seed in SEEDS)
    if (folder / "banking77/train.csv").exists():
        found["BANKING77, 10 an intent"] = (banking(folder, seed) for seed in SEEDS)
    return found


def hint3(train: Path) -> DataSet:
    """A set of HINT3: a live FAQ bot's phrasings and the questions that it was really asked."""
    test = train.with_name(train.name.replace("_train", "_test"))
    return DataSet(_rows(train, "sentence", "label"), _rows(test, "sentence", "label"))


def hint3_name(train: Path) -> str:
    """The name of a set of HINT3 as its authors write it."""
    name = train.name.removesuffix("_train.csv")
    return f"HINT3 {HINT3.get(name, name)}"


def curekart(folder: Path) -> DataSet:
    """HINT3 Curekart."""
    return hint3(folder / "hint3/curekart_train.csv")


def clinc(folder: Path, *, learn_out_of_scope: bool = False) -> DataSet:
    """CLINC150: all training texts; asked are the validation texts, in scope and out of it."""
    parts = json.loads((folder / "clinc150/train_val.json").read_text(encoding="utf-8"))
    train = [(text, label) for text, label in parts["train"]]
    train += [(text, None) for text, _ in parts["oos_train"]] if learn_out_of_scope else []
    inside = [(text, label) for text, label in parts["val"]]
    return DataSet(train, [*inside, *((text, None) for text, _ in parts["oos_val"])])


def clinc_few(folder: Path, seed: int) -> DataSet:
    """CLINC150 with ten training texts an intent."""
    data = clinc(folder)
    return DataSet(few(data.train, seed)[0], data.test)


def banking(folder: Path, seed: int) -> DataSet:
    """BANKING77's training part: ten texts an intent to learn from, all others to ask."""
    return DataSet(*few(_rows(folder / "banking77/train.csv", "text", "category"), seed))


def few(examples: Sequence[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Ten texts an intent, chosen with a fixed seed, and the others."""
    by_label: dict[str | None, list[int]] = defaultdict(list)
    for place, (_, label) in enumerate(examples):
        by_label[label].append(place)
    chance = random.Random(seed)
    chosen = {place for group in by_label.values() for place in chance.sample(group, min(AN_INTENT, len(group)))}
    return (
        [example for place, example in enumerate(examples) if place in chosen],
        [example for place, example in enumerate(examples) if place not in chosen],
    )


def draw(rows: Sequence[Mapping[str, Any]]) -> str:
    """The tables."""
    return f"{table(HEADINGS, map(_cells, rows))}\n\n{PUBLISHED_NOTE}\n\n{_published(rows)}"


def _published(rows: Sequence[Mapping[str, Any]]) -> str:
    platforms = list(dict.fromkeys(name for figures in PUBLISHED.values() for name in figures))
    lines = []
    for row in rows:
        if row["set"] in PUBLISHED:
            cells = [_pair(*PUBLISHED[row["set"]].get(name, (None, None))) for name in platforms]
            lines.append([row["set"], _pair(100 * row["in_scope"], 100 * row["out_of_scope"]), *cells])
    return table(("data set", "this matcher", *platforms), lines)


def _pair(inside: float | None, outside: float | None) -> str:
    return "–" if inside is None or outside is None else f"{inside:.1f} / {outside:.1f}"


def _cells(row: Mapping[str, Any]) -> list[str]:
    name = f"{row['set']} (mean of {row['cuts']} seeds)" if row["cuts"] > 1 else str(row["set"])
    shares = [percent(row[share]) for share in ("in_scope", "out_of_scope", "overall")]
    return [
        *(name, f"{row['learnt']:,}", f"{row['asked']:,}", percent(row["accuracy"]), area(row["auroc"])),
        *(f"{row['threshold']:.2f}", *shares, f"{row['seconds']:.1f} s"),
    ]


def _rows(path: Path, text: str, label: str) -> list[Example]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(r[text], None if r[label] == OUT_OF_SCOPE else r[label]) for r in csv.DictReader(file)]


HINT3 = {"curekart": "Curekart", "sofmattress": "SOFMattress", "powerplay11": "Powerplay11"}

if __name__ == "__main__":
    main()
