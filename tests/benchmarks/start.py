"""How long a first answer takes from nothing: `python -m tests.benchmarks.start`.

`python -m chatbot ask "what is PRP?"` with the kept model and without, beside a Python that only imports scikit-learn's
linear models; in turns, so that a busy machine slows all.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tests.benchmarks.speed import Row, compare, draw_rows

ROOT = Path(__file__).parents[2]
ASK = ("-m", "chatbot", "--intents", str(ROOT / "intents"), "ask", "what is PRP?")
IMPORT = ("-c", "import sklearn.linear_model")
ROUNDS = 5
MOST_WARM, MOST_COLD = 0.6, 1.6


def main() -> None:
    """Print the table; leave with an error if a limit is not kept."""
    results = run()
    print(draw(results))
    sys.exit(any(not row.holds for row in rows(results)))


def run(rounds: int = ROUNDS) -> dict[str, Any]:
    """Milliseconds of each kind of start."""
    with TemporaryDirectory(prefix="benchmark-cache-") as cache:
        kinds = {"import": (IMPORT, cache), "warm": (ASK, cache), "cold": (ASK, "")}
        for arguments, folder in kinds.values():
            started(arguments, folder)  # what Python compiles, and the model that is kept, are there from now on
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        for number in range(rounds):
            print(f"  round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for kind, (arguments, folder) in kinds.items():
                times[kind].append(started(arguments, folder))
        kept = sum(path.stat().st_size for path in Path(cache).iterdir()) / 2**20
    return {"rounds": rounds, "kept": kept, "medians": {kind: median(each) for kind, each in times.items()}}


def started(arguments: tuple[str, ...], cache: str) -> float:
    """Milliseconds of a Python from its start to its end; models are kept in `cache`, nowhere if that is empty."""
    environment = os.environ | {"CHATBOT_CACHE": cache}
    begin = perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True)
    return (perf_counter() - begin) * 1000


def rows(results: Mapping[str, Any]) -> list[Row]:
    """Both starts beside the import."""
    medians = results["medians"]
    return [
        compare("first answer with the kept model", medians["warm"], medians["import"], MOST_WARM),
        compare("first answer without it", medians["cold"], medians["import"], MOST_COLD),
    ]


def draw(results: Mapping[str, Any]) -> str:
    """The table."""
    note = (
        f'`python -m chatbot ask "what is PRP?"` from the start of the process to its end, beside '
        f'`python -c "import sklearn.linear_model"`; medians of {results["rounds"]} rounds in turns.'
    )
    return f"{note}\n\n{draw_rows([vars(row) for row in rows(results)])}"


if __name__ == "__main__":
    main()
