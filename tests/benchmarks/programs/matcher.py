"""Our matcher, as it is."""

from collections.abc import Sequence
from importlib.metadata import version

from chatbot import Matcher
from tests.benchmarks.programs.lines import Ask, serve


def fit(texts: Sequence[str], labels: Sequence[str]) -> Ask:
    """Fit a matcher with its default configuration."""
    matcher = Matcher().fit(texts, labels)

    def ask(question: str) -> tuple[str, float]:
        match = matcher.rank(question, top=1)[0]
        return match.label, match.confidence

    return ask


if __name__ == "__main__":
    Matcher().fit(["hello there", "see you"], ["greet", "leave"])  # what is read once a process is no part of a fit
    serve(fit, version("clinic-chatbot"))
