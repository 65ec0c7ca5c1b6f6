"""rapidfuzz: the phrasing that `extractOne` finds with its default scorer (WRatio), both sides in small letters."""

from collections.abc import Sequence
from importlib.metadata import version

from rapidfuzz.process import extractOne
from rapidfuzz.utils import default_process

from tests.benchmarks.programs.lines import Ask, serve


def fit(texts: Sequence[str], labels: Sequence[str]) -> Ask:
    """Nothing is learnt but the phrasings' small letters."""
    processed = [default_process(text) for text in texts]

    def ask(question: str) -> tuple[str, float]:
        _, score, place = extractOne(default_process(question), processed)
        return labels[place], score / 100

    return ask


if __name__ == "__main__":
    serve(fit, version("rapidfuzz"))
