"""How a program that is measured talks with the benchmark: a line of JSON in, a line of JSON out.

First come the training texts with their labels, then one question at a time. Programs time themselves, so that the
pipe is no part of it. This file must run without any package, for programs that have an environment of their own.
"""

import json
import sys
from collections.abc import Callable, Sequence
from time import perf_counter

#: What a fitted program does with a question: the best label, and how sure it is.
Ask = Callable[[str], tuple[str, float]]
#: Texts and labels in, something to ask out.
Fit = Callable[[Sequence[str], Sequence[str]], Ask]


def serve(fit: Fit, version: str) -> None:
    """Fit on the first line, then answer each following one, until there are no more."""
    out = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints is no answer
    texts, labels = zip(*json.loads(next(sys.stdin)))
    start = perf_counter()
    ask = fit(texts, labels)
    print(json.dumps({"seconds": perf_counter() - start, "version": version}), file=out, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        start = perf_counter()
        label, confidence = ask(question)
        seconds = perf_counter() - start
        print(json.dumps({"label": label, "confidence": confidence, "seconds": seconds}), file=out, flush=True)
