"""Plain scikit-learn: word TF-IDF and a linear support vector machine; sure by its greatest decision value."""

from collections.abc import Sequence
from importlib.metadata import version

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from tests.benchmarks.programs.lines import Ask, serve


def fit(texts: Sequence[str], labels: Sequence[str]) -> Ask:
    """Fit with scikit-learn's defaults."""
    model = make_pipeline(TfidfVectorizer(), LinearSVC()).fit(texts, labels)
    several = len(model.classes_) > 2

    def ask(question: str) -> tuple[str, float]:
        values = model.decision_function([question])[0]
        if not several:  # two classes share one value, positive for the second
            return str(model.classes_[int(values > 0)]), abs(float(values))
        return str(model.classes_[values.argmax()]), float(values.max())

    return ask


if __name__ == "__main__":
    serve(fit, version("scikit-learn"))
