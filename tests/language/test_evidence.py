"""The evidence for a candidate, held against plain references."""

import pytest

from chatbot import Matcher

TEXTS = ["red apple pie", "apple tart", "green pear jam", "pear crumble", "red red wine", "wine list"]
LABELS = ["apple", "apple", "pear", "pear", "wine", "wine"]


@pytest.mark.parametrize("text", ["red apple jam", "jam of the green apple", "wine pie crumble tart list red", "pie"])
def test_coverage_is_the_weight_of_the_words_that_the_intent_has(text: str) -> None:
    matcher = Matcher().fit(TEXTS, LABELS)
    weight = matcher.features_.word_weight
    for match in matcher.rank(text):
        own = {word for phrasing, label in zip(TEXTS, LABELS) if label == match.label for word in phrasing.split()}
        words = set(text.split())
        expected = sum(weight(word) for word in words & own) / sum(weight(word) for word in words)
        assert dict(match.evidence)["coverage"] == pytest.approx(expected, rel=1e-5)
