"""Other programs for the same job on the same data, side by side: `python -m tests.benchmarks.peers FOLDER`.

Each runs in a process of its own and is asked one question at a time, in turns, so that a busy machine slows all. Each
gets ten minutes for a data set, and 8 GB; as far as it comes by then, it is counted. What is not installed with this
project is installed under a temporary folder and removed again.
"""

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks import environments
from tests.benchmarks.conversation import Answer, Conversation
from tests.benchmarks.environments import NotThereError
from tests.benchmarks.markdown import area, figure, percent, table
from tests.benchmarks.plots import bars, growth
from tests.benchmarks.public import DataSet, Example, auroc, banking, clinc_few, hint3, hint3_name
from tests.benchmarks.scale import altered, made_up

ROOT = Path(__file__).parents[2]
SECONDS = 600.0
GIGABYTES = 8.0
OURS = "this matcher"
PEERS = (OURS, "TF-IDF + LinearSVC", "rapidfuzz extractOne", "ChatterBot", "NLP.js")
CHATTERBOT, NLPJS = "chatterbot==1.2.15", "@nlpjs/basic@4.27.0"
#: Questions of a set: the slowest peer takes most of a second for each.
MOST = 1_000
MADE_UP = (150, 500, 1_500)
ASKED_OF_MADE_UP = 100


@dataclass(frozen=True)
class Program:
    """How to start a peer, or why it cannot be had."""

    command: Sequence[str] = ()
    folder: Path = ROOT
    missing: str = ""


@dataclass
class Tally:
    """What a peer said so far, with the label that was right."""

    fit: float | None = None
    version: str = ""
    megabytes: float | None = None
    said: list[tuple[Answer, str | None]] = field(default_factory=list)


def main() -> None:
    """Print the tables."""
    print(draw(run(Path(sys.argv[1]))))


def run(folder: Path, seconds: float = SECONDS, most: int = MOST, only: Sequence[str] = ()) -> dict[str, Any]:
    """Rows of figures for each data set and peer; `most` questions of a set are asked; all sets, or `only` some."""
    with TemporaryDirectory(prefix="benchmark-peers-") as name:
        programs = installed(Path(name))
        rows = []
        for title, data in data_sets(folder):
            if only and title not in only:
                continue
            print(f"  {title}", file=sys.stderr, flush=True)
            rows += side_by_side(title, data, programs, seconds, most)
    missing = {peer: program.missing for peer, program in programs.items() if program.missing}
    return {"minutes": seconds / 60, "gigabytes": GIGABYTES, "missing": missing, "rows": rows}


def installed(folder: Path) -> dict[str, Program]:
    """The peers, with what had to be installed for them."""
    programs = "tests.benchmarks.programs"
    ours = {
        name: Program([sys.executable, "-m", f"{programs}.{module}"])
        for name, module in zip(PEERS, ("matcher", "linear_svc", "extract_one"))
    }
    try:
        python = environments.python_with(folder / "chatterbot", CHATTERBOT)
        chatterbot = Program([*python, "-m", f"{programs}.chatter_bot"])
    except NotThereError as error:
        chatterbot = Program(missing=str(error))
    try:
        node = environments.node_with(folder / "nlpjs", NLPJS)
        script = str(ROOT / "tests/benchmarks/programs/nlpjs.js")
        nlpjs = Program([*node, "--max-old-space-size=8192", script], folder / "nlpjs")
    except NotThereError as error:
        nlpjs = Program(missing=str(error))
    return ours | {"ChatterBot": chatterbot, "NLP.js": nlpjs}


def data_sets(folder: Path) -> Iterator[tuple[str, DataSet]]:
    """The public sets that are in the folder, and made-up phrasings in growing numbers."""
    for train in sorted(folder.glob("hint3/*_train.csv")):
        yield hint3_name(train), hint3(train)
    if (folder / "banking77/train.csv").exists():
        yield "BANKING77, 10 an intent", banking(folder, seed=0)
    if (folder / "clinc150/train_val.json").exists():
        yield "CLINC150, 10 an intent", clinc_few(folder, seed=0)
    for size in MADE_UP:
        yield f"{size:,} made-up phrasings", growing(size)


def growing(size: int) -> DataSet:
    """Made-up phrasings, and some of them without their last word as questions."""
    examples = list(zip(*made_up(size)))
    asked = random.Random(1).sample(examples, ASKED_OF_MADE_UP)
    return DataSet(examples, [(altered(text), label) for text, label in asked])


def side_by_side(
    title: str, data: DataSet, programs: Mapping[str, Program], seconds: float, most: int
) -> list[dict[str, Any]]:
    """A row for each peer that can be had."""
    examples = [(text, label) for text, label in data.train if label is not None]
    questions = random.Random(0).sample(data.test, len(data.test))[:most]
    with ExitStack() as stack:
        talks = {
            name: stack.enter_context(Conversation(program.command, program.folder, seconds, GIGABYTES))
            for name, program in programs.items()
            if not program.missing
        }
        tallies = {name: Tally() for name in talks}
        for name, talk in talks.items():
            if fitted := talk.fit(examples):
                tallies[name].fit, tallies[name].version = fitted["seconds"], fitted["version"]
            print(f"    {name}: fitted in {tallies[name].fit or float('nan'):.1f} s", file=sys.stderr, flush=True)
        ask_all(talks, tallies, questions)
    return [row(title, name, len(examples), len(questions), tally) for name, tally in tallies.items()]


def ask_all(talks: Mapping[str, Conversation], tallies: Mapping[str, Tally], questions: Sequence[Example]) -> None:
    """Ask each question of each peer that still answers."""
    talking = {name: talk for name, talk in talks.items() if tallies[name].fit is not None}
    for number, (text, label) in enumerate(questions, 1):
        for name, talk in list(talking.items()):
            answer = talk.ask(text)
            if answer is None:
                del talking[name]
            else:
                tallies[name].said.append((answer, label))
                tallies[name].megabytes = talk.megabytes() or tallies[name].megabytes
        if number % 500 == 0:
            print(f"    {number:,} of {len(questions):,} asked", file=sys.stderr, flush=True)


def row(title: str, name: str, learnt: int, asked: int, tally: Tally) -> dict[str, Any]:
    """The figures of a peer on a set; None where it did not get that far."""
    inside = [(answer, label) for answer, label in tally.said if label is not None]
    outside = [answer.confidence for answer, label in tally.said if label is None]
    times = [answer.seconds * 1000 for answer, _ in tally.said]
    return {
        "set": title,
        "peer": name,
        "version": tally.version,
        "learnt": learnt,
        "asked": asked,
        "answered": len(tally.said),
        "accuracy": sum(answer.label == label for answer, label in inside) / len(inside) if inside else None,
        "auroc": auroc([answer.confidence for answer, _ in inside], outside),
        "median": median(times) if times else None,
        "fit": tally.fit,
        "megabytes": tally.megabytes,
    }


def draw(results: Mapping[str, Any]) -> str:
    """A table of accuracy and one of time, a column for each peer."""
    rows = results["rows"]
    notes = [f"{peer} could not be had: {why}." for peer, why in results["missing"].items()]
    versions = {row["peer"]: row["version"] for row in rows if row["version"]}
    notes.append("Versions: " + ", ".join(f"{peer} {version}" for peer, version in versions.items()) + ".")
    headings = ("data set", "learnt", "asked", *PEERS)
    public = [row for row in rows if "made-up" not in row["set"]]
    accuracy = (
        "Accuracy in scope without refusal / AUROC of the confidence, in scope against out of scope. "
        f"“(of 500)”: so many questions were answered when {results['minutes']:.3g} minutes were over."
    )
    parts = [
        accuracy,
        table(headings, [[*_set(group), *map(_accuracy, _in_order(group))] for group in _groups(public)]),
        "Median of one question in ms / fit in s / highest memory of the process in MB.",
        table(headings, [[*_set(group), *map(_time, _in_order(group))] for group in _groups(rows)]),
        f"Median of one question as a multiple of {OURS}'s on the same set.",
        table(
            ("data set", "learnt", "asked", *PEERS[1:]), [[*_set(group), *_ratios(group)] for group in _groups(rows)]
        ),
        " ".join(notes),
    ]
    return "\n\n".join(parts)


def plots(results: Mapping[str, Any]) -> dict[str, str]:
    """Accuracy by set, and the time of a question as the phrasings grow."""
    rows = results["rows"]
    public = _groups([row for row in rows if "made-up" not in row["set"]])
    heights = {peer: [_height(_of(group, peer)) for group in public] for peer in PEERS}
    growing = [row for row in rows if "made-up" in row["set"] and row["median"] is not None]
    lines = {peer: [(row["learnt"], row["median"]) for row in growing if row["peer"] == peer] for peer in PEERS}
    return {
        "peers-accuracy": bars("Accuracy in scope, %", [group[0]["set"] for group in public], heights),
        "peers-rank": growth("Median of one question, ms", "phrasings", {n: line for n, line in lines.items() if line}),
    }


def _groups(rows: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    names = dict.fromkeys(row["set"] for row in rows)
    return [[row for row in rows if row["set"] == name] for name in names]


def _of(group: Sequence[Mapping[str, Any]], peer: str) -> Mapping[str, Any] | None:
    return next((row for row in group if row["peer"] == peer), None)


def _height(row: Mapping[str, Any] | None) -> float | None:
    return None if row is None or row["accuracy"] is None else 100 * row["accuracy"]


def _in_order(group: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any] | None]:
    return [_of(group, peer) for peer in PEERS]


def _set(group: Sequence[Mapping[str, Any]]) -> tuple[str, str, str]:
    return group[0]["set"], f"{group[0]['learnt']:,}", f"{group[0]['asked']:,}"


def _accuracy(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "not to be had"
    if row["accuracy"] is None:
        return "not done"
    part = f" (of {row['answered']:,})" if row["answered"] < row["asked"] else ""
    return f"{percent(row['accuracy'])} / {area(row['auroc'])}{part}"


def _ratios(group: Sequence[Mapping[str, Any]]) -> list[str]:
    ours, *others = [row["median"] if row else None for row in _in_order(group)]
    return [f"{figure(other / ours)} ×" if ours and other else "–" for other in others]


def _time(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "not to be had"
    if row["median"] is None:
        return "not done"
    return f"{figure(row['median'])} / {figure(row['fit'])} / {figure(row['megabytes'])}"


if __name__ == "__main__":
    main()
