"""The pages that are drawn from the figures kept: docs/benchmarks.md, docs/capacity.md, and the README's figures."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks import capacity
from tests.benchmarks.markdown import area, figure, percent, table
from tests.benchmarks.parts import PARTS, kept

#: What a part found, and the machine it ran on.
Kept = Mapping[str, Mapping[str, Any]]

NOTE = "Made by `make bench`; do not edit. Each part says when it was measured, and on which machine."
README = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def write_pages(folder: Path, root: Path) -> Iterator[Path]:
    """Draw every page from what is kept in the folder; the pages that were written."""
    found = read(folder)
    for name, each in found.items():
        for title, drawing in PARTS[name].plots(each["results"]).items():
            (folder / f"{title}.svg").write_text(drawing, encoding="utf-8")
    yield write(root / "docs" / "benchmarks.md", benchmarks(found))
    if all(name in found for name in capacity.NEEDED):
        results = {name: found[name]["results"] for name in capacity.NEEDED}
        yield write(root / "docs" / "capacity.md", capacity.page(results))
    readme = root / "README.md"
    if readme.exists():
        text = readme.read_text(encoding="utf-8")
        yield write(readme, README.sub(lambda place: f"{place[1]}{summary(found)}\n{place[2]}", text))


def write(path: Path, text: str) -> Path:
    """Write a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """What each part found, of those that ever ran."""
    return {name: each for name in PARTS if (each := kept(folder, name)) is not None}


def benchmarks(found: Kept) -> str:
    """The page of all parts."""
    sections = ["# Benchmarks", NOTE, "## In short", summary(found), "## The machines", machines(found)]
    missing = [f"- {part.title} (`make bench PARTS={name}`)" for name, part in PARTS.items() if name not in found]
    if missing:
        sections += ["## Not measured yet", "\n".join(missing)]
    for name, each in found.items():
        part = PARTS[name]
        images = [f"![{title}](benchmarks/{title}.svg)" for title in part.plots(each["results"])]
        measured = f"Measured on {each['machine']['date']}, machine {_numbers(found)[name]}."
        sections += [f"## {part.title}", part.draw(each["results"]), *images, measured]
    return "\n\n".join(sections) + "\n"


def machines(found: Kept) -> str:
    """The machines that the parts ran on, and what ran there."""
    rows = {number: _machine(found[name]["machine"]) for name, number in _numbers(found).items()}
    headings = ("machine", "processor", "cores", "memory", "system", "Python", "packages")
    return table(headings, [[str(number), *cells] for number, cells in rows.items()], words=len(headings))


def summary(found: Kept) -> str:
    """The figures that matter most, each as it stands in its part."""
    rows = [row for name, lines in SUMMARIES.items() if name in found for row in lines(found[name]["results"])]
    return table(("", "measured"), rows)


def _accuracy(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    for row in rows:
        cells = [f"{percent(row['accuracy'])} % right without refusal"]
        if row["auroc"] is not None:
            refused = f"{percent(row['in_scope'])} % and {percent(row['out_of_scope'])} % of the out-of-scope refused"
            cells += [f"AUROC {area(row['auroc'])}", f"at its own threshold {refused}"]
        yield row["set"], ", ".join(cells)


def _speed(results: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for row in results["rows"]:
        yield row["name"], f"{figure(row['value'])} (limit {row['limit']:g})"


def _scale(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    for row in rows:
        if "matcher_fit" in row:
            ratio = row["matcher_rank"] / row["plain_rank"]
            times = f"{figure(row['matcher_rank'])} ms, {figure(ratio)} × plain TF-IDF"
            yield f"a match among {row['phrasings']:,} phrasings", times


def _start(results: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    medians = results["medians"]
    for kind, name in {"warm": "first answer of a new process", "cold": "the same without the kept model"}.items():
        share = figure(medians[kind] / medians["import"])
        yield name, f"{figure(medians[kind])} ms, {share} × importing scikit-learn's linear models"


def _http(results: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    chat, constant = results["chat"]["rate"], results["constant"]["rate"]
    yield "`/api/chat`", f"{figure(chat)} requests a second, {chat / constant:.0%} of a view that returns a constant"
    yield "private memory of a worker", f"{figure(results['worker'])} MB"


#: Which lines of a part stand in the summary, and so in the README.
SUMMARIES: Mapping[str, Callable[[Any], Iterator[Sequence[str]]]] = {
    "accuracy": _accuracy,
    "speed": _speed,
    "scale": _scale,
    "start": _start,
    "http": _http,
}


def _numbers(found: Kept) -> dict[str, int]:
    """The number of the machine that each part ran on."""
    known = list(dict.fromkeys(json.dumps(_machine(each["machine"])) for each in found.values()))
    return {name: known.index(json.dumps(_machine(each["machine"]))) + 1 for name, each in found.items()}


def _machine(machine: Mapping[str, str]) -> list[str]:
    return [text for name, text in machine.items() if name != "date"]
