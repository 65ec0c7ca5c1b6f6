"""Measures, and draws the pages: `make bench`, or `python -m tests.benchmarks [--trial] [PART …]`.

Each part keeps what it found as JSON in docs/benchmarks, from which all pages are drawn; without a part nothing is
measured, and the pages are drawn from what is kept. `--trial` measures little, and into build/benchmarks.
"""

import sys
from pathlib import Path
from time import monotonic

import click

from tests.benchmarks.pages import write_pages
from tests.benchmarks.parts import PARTS, keep

ROOT = Path(__file__).parents[2]


@click.command(help=__doc__)
@click.argument("parts", nargs=-1, metavar="[PART …]", type=click.Choice([*PARTS, "all"]))
@click.option("--data", type=Path, default=ROOT.parent / "shared" / "benchmarks", help="Folder of public data sets.")
@click.option("--trial", is_flag=True, help="Measure little, to see that everything works.")
def main(parts: tuple[str, ...], data: Path, trial: bool) -> None:
    """Measure the parts that were asked for, and draw everything."""
    root = ROOT / "build" / "benchmarks" if trial else ROOT
    folder = root / "docs" / "benchmarks"
    for name in PARTS if "all" in parts else parts:
        if PARTS[name].needs_data and not data.is_dir():
            say(f"{name}: left out, there are no public data sets at {data}")
        else:
            measure(name, data, trial, folder)
    for path in write_pages(folder, root):
        say(str(path))


def measure(name: str, data: Path, trial: bool, folder: Path) -> None:
    """Measure a part and keep what it found."""
    say(f"{name}: {PARTS[name].title}")
    began = monotonic()
    keep(folder, name, PARTS[name].measure(data, trial))
    say(f"  {monotonic() - began:.0f} s")


def say(line: str) -> None:
    """Show how far it is."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
