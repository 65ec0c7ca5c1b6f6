"""The matcher's contract, and the closed forms behind its confidence held against plain refits."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot import Matcher
from chatbot.errors import NotFittedError
from chatbot.language.calibration import Calibrator, balance, choose_threshold
from chatbot.language.matcher import Match
from chatbot.language.ridge import LocalRidge

PHRASINGS = {
    "price": ["how much is it", "what does it cost", "price of a scan", "is it expensive", "fees please"],
    "booking": ["book an appointment", "i want to book", "make a booking", "can i come in", "reserve a slot"],
    "place": [
        "where are you",
        "what is the address",
        "how do i find the clinic",
        "which street",
        "directions please",
    ],
    "hours": [
        "when are you open",
        "opening hours",
        "are you open on sunday",
        "what time do you close",
        "hours today",
    ],
}
OUTSIDE = [
    "what is the weather like",
    "tell me a joke",
    "who won the football",
    "capital of france",
    "cook some rice",
]
TEXTS = [text for texts in PHRASINGS.values() for text in texts]
LABELS = [label for label, texts in PHRASINGS.items() for _ in texts]
BOTH: tuple[list[str], list[str | None]] = ([*TEXTS, *OUTSIDE], [*LABELS, *[None] * len(OUTSIDE)])

NO_TEXTS: list[str] = []
NO_LABELS: list[str | None] = []


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """A matcher for four intents that knows some messages to reject."""
    return Matcher().fit(*BOTH)


def _assert_well_formed(matches: Sequence[Match], labels: set[str]) -> None:
    assert {match.label for match in matches} <= labels
    assert len({match.label for match in matches}) == len(matches)
    assert all(0 <= match.confidence <= 1 for match in matches)
    assert all(ahead.confidence >= behind.confidence for ahead, behind in pairwise(matches))


def test_fit_returns_itself() -> None:
    """Fitting can be chained."""
    matcher = Matcher()
    assert matcher.fit(*BOTH) is matcher


@pytest.mark.parametrize(("text", "label"), [("how much does a scan cost", "price"), ("sunday opening", "hours")])
def test_unseen_wordings_are_recognised(matcher: Matcher, text: str, label: str) -> None:
    """A question in other words than the phrasings finds its intent, surely enough to be answered."""
    best = matcher.rank(text)[0]
    assert best.label == label
    assert best.confidence >= matcher.threshold_


def test_a_match_says_which_phrasing_won(matcher: Matcher) -> None:
    """The phrasing is one that was learnt for the label, as it was written."""
    for match in matcher.rank("What does it COST?!"):
        assert match.phrasing in PHRASINGS[match.label]
    assert matcher.rank("What does it COST?!")[0].phrasing == "what does it cost"


def test_phrasings_are_shown_as_their_author_wrote_them() -> None:
    """Where the texts were rewritten for matching, the original is what a match shows."""
    matcher = Matcher().fit(TEXTS, LABELS, shown=[text.title() for text in TEXTS])
    assert matcher.rank("what does it cost")[0].phrasing == "What Does It Cost"


@pytest.mark.parametrize("top", [1, 2, 3, 4])
def test_top_limits_the_matches(matcher: Matcher, top: int) -> None:
    """As many matches as asked for, the best of a longer list."""
    assert matcher.rank("opening hours", top) == matcher.rank("opening hours", 4)[:top]
    assert len(matcher.rank("opening hours", top)) == top


def test_one_by_one_or_many_at_once(matcher: Matcher) -> None:
    """`rank_many` gives what `rank` gives, text by text."""
    many = matcher.rank_many(["cost", "", "open today?", "😀"])
    for text, matches in zip(["cost", "", "open today?", "😀"], many, strict=True):
        alone = {match.label: match.confidence for match in matcher.rank(text)}
        assert {match.label: match.confidence for match in matches} == pytest.approx(alone, abs=1e-5)
    assert matcher.rank_many([]) == ()


def test_known_strangers_are_rejected_better(matcher: Matcher) -> None:
    """Messages like the out-of-scope examples get less confidence than without these, and no answer."""
    unseen = [
        "a joke please",
        "football result",
        "rice recipe",
        "tell me a story",
        "who won the match",
        "capital of spain",
    ]
    without = Matcher().fit(TEXTS, LABELS)
    assert all(matcher.rank(text)[0].confidence < without.rank(text)[0].confidence for text in unseen)
    assert all(matcher.rank(text)[0].confidence < matcher.threshold_ for text in unseen)


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.21, 1.0])
def test_the_threshold_is_a_confidence(rate: float) -> None:
    """Whatever wrong-answer rate is allowed: between 0 and 1, and never above that for no errors."""
    assert 0 <= Matcher(wrong_rate=rate).fit(*BOTH).threshold_ <= Matcher(wrong_rate=0).fit(*BOTH).threshold_ <= 1


def test_same_seed_same_result(matcher: Matcher) -> None:
    """Fitting again on the same texts gives the same numbers, to the last bit."""
    again = Matcher().fit(*BOTH)
    assert again.threshold_ == matcher.threshold_
    assert again.rank_many(TEXTS) == matcher.rank_many(TEXTS)


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (["hello"], ["a"]),
        ([""], ["a"]),
        (["", ""], ["a", "b"]),
        (["hello", "good bye"], ["a", "b"]),
        (["hello"] * 3, ["a"] * 3),
        (["hello"] * 4, ["a", "a", "b", "b"]),
        (["hello", "hello", "hello"], ["a", "b", None]),
        (["hello", "weather"], ["a", None]),
        (["", "hello", "", "bye"], ["a", "a", None, "b"]),
        (["😀", "🎉", "?!"], ["a", "b", "c"]),
        (["word " * 5000, "bye"], ["a", "b"]),
        (list("abcdef"), list("abcdef")),
    ],
    ids=str,
)
def test_tiny_fits(texts: list[str], labels: list[str | None]) -> None:
    """However little or odd the examples are, rankings and threshold are well-formed."""
    matcher = Matcher().fit(texts, labels)
    assert 0 <= matcher.threshold_ <= 1
    for text in [*texts, "something else", ""]:
        assert matcher.rank(text)
        _assert_well_formed(matcher.rank(text), {label for label in labels if label is not None})


@pytest.mark.parametrize(("texts", "labels"), [(NO_TEXTS, NO_LABELS), (["rain", "snow"], [None, None])])
def test_nothing_to_recognise(texts: list[str], labels: list[str | None]) -> None:
    """Without a single intent every ranking is empty."""
    matcher = Matcher().fit(texts, labels)
    assert matcher.rank("hello") == ()
    assert matcher.rank_many(["hello", ""]) == ((), ())


@pytest.mark.parametrize(("texts", "labels"), [(NO_TEXTS, NO_LABELS), (["rain", "snow"], [None, None])])
def test_nothing_to_recognise_has_a_threshold(texts: list[str], labels: list[str | None]) -> None:
    """The threshold is learnt in every fit."""
    assert 0 <= Matcher().fit(texts, labels).threshold_ <= 1


def test_a_second_fit_forgets_the_first(matcher: Matcher) -> None:
    """Fitting again starts from nothing."""
    again = Matcher().fit(["rain", "snow"], ["a", "b"]).fit(*BOTH)
    assert again.rank_many(TEXTS) == matcher.rank_many(TEXTS)


def test_before_fitting() -> None:
    """Ranking before fitting is an error that says what to do."""
    with pytest.raises(NotFittedError, match="call fit"):
        Matcher().rank("hello")


@pytest.mark.parametrize(("texts", "labels"), [(["a"], []), ([], ["a"]), (["a", "b"], ["a"])])
def test_lists_of_different_lengths(texts: list[str], labels: list[str | None]) -> None:
    """Texts and labels that do not pair up are refused, with both numbers."""
    with pytest.raises(ValueError, match=f"{len(texts)} texts but {len(labels)} labels"):
        Matcher().fit(texts, labels)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "\x00",
        "\ud800",
        "😀🤕",
        "cost " * 2000,
        "x" * 10_000,
        "\N{SYMBOL FOR NULL}",
        "هل هو مؤلم",
        "多少钱",
        "कितना है",
        "сколько",
        "\u202ewhat",
    ],
    ids=ascii,
)
def test_odd_texts(matcher: Matcher, text: str) -> None:
    """Empty, long, foreign or broken: the ranking is complete and well-formed."""
    _assert_well_formed(matcher.rank(text), set(PHRASINGS))
    assert len(matcher.rank(text)) == 3


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text(matcher: Matcher, text: str) -> None:
    """Arbitrary Unicode is ranked without exception or NaN."""
    _assert_well_formed(matcher.rank(text), set(PHRASINGS))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.text(max_size=8), st.sampled_from(["a", "b", "c", None])), max_size=8))
def test_any_examples(rows: list[tuple[str, str | None]]) -> None:
    """Arbitrary examples can be learnt, and what is learnt ranks them well."""
    matcher = Matcher().fit([text for text, _ in rows], [label for _, label in rows])
    labels = {label for _, label in rows if label is not None}
    for text, _ in rows:
        _assert_well_formed(matcher.rank(text), labels)
        assert bool(matcher.rank(text)) == bool(labels)


def test_rehearsing_is_ranking_without_the_text(matcher: Matcher) -> None:
    """A phrasing on trial is not compared with itself, and its own words no longer speak for it."""
    rehearsed = matcher.rehearse()
    assert len(rehearsed) == len(BOTH[0])
    for text, label, matches in zip(*BOTH, rehearsed, strict=True):
        assert all(match.phrasing != text for match in matches)
        if label is not None:
            known = {match.label: match.confidence for match in matcher.rank(text)}
            assert all(match.confidence < known[label] for match in matches if match.label == label)
    assert [match.label for match in matcher.rehearse([3])[0]] == [match.label for match in rehearsed[3]]


# --- the ridge


def _random_rows(count: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors that resemble each other, and one of five columns for each."""
    random = np.random.default_rng(7)
    vectors = random.standard_normal((count, 12)) + 0.8
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), random.integers(0, 5, count)


def _ridge(vectors: np.ndarray, columns: np.ndarray, neighbours: int = 20) -> LocalRidge:
    return LocalRidge(neighbours=neighbours).fit(vectors, columns, 5)


def test_leaving_each_out_equals_refitting() -> None:
    """Each row gets the scores of a fit without that row."""
    vectors, columns = _random_rows()
    quick = _ridge(vectors, columns).scores_without_each(np.arange(60))
    for row in range(60):
        rest = np.delete(np.arange(60), row)
        refit = _ridge(vectors[rest], columns[rest]).scores(vectors[[row]])
        assert np.allclose(quick[row], refit, atol=1e-3)


@pytest.mark.parametrize("rows", [[0], [3, 17, 42], list(range(0, 60, 2)), list(range(59))], ids=len)
def test_leaving_a_group_out_equals_refitting(rows: list[int]) -> None:
    """A group of rows gets the scores of a fit without all of them."""
    vectors, columns = _random_rows()
    quick = _ridge(vectors, columns).scores_without_all(np.array(rows))
    rest = np.setdiff1d(np.arange(60), rows)
    refit = _ridge(vectors[rest], columns[rest]).scores(vectors[rows])
    assert np.allclose(quick, refit, atol=1e-3)


def test_leaving_out_a_repeated_row() -> None:
    """A duplicate stays behind and speaks for its twin."""
    vectors, columns = _random_rows(10)
    vectors, columns = np.vstack([vectors, vectors[:1]]), np.append(columns, columns[0])
    quick = _ridge(vectors, columns).scores_without_each(np.array([0]))
    refit = _ridge(vectors[1:], columns[1:]).scores(vectors[:1])
    assert np.allclose(quick, refit, atol=1e-3)


def test_with_all_neighbours_it_is_kernel_ridge_regression() -> None:
    """Where every phrasing is near enough, the scores are those of the textbook formula on all of them."""
    vectors, columns = _random_rows()
    strange = vectors[:7] + vectors[7:14]
    kernel = np.square(np.maximum(vectors @ vectors.T, 0)) + 0.15 * np.eye(60)
    weights = np.linalg.solve(kernel, np.eye(5)[columns])
    expected = np.square(np.maximum(strange @ vectors.T, 0)) @ weights
    assert np.allclose(_ridge(vectors, columns, neighbours=60).scores(strange), expected, atol=1e-3)


def test_at_most_the_stated_share_of_strangers_is_answered() -> None:
    """Of out-of-scope examples, rehearsed as unknown, no more than the wrong-answer rate reaches the threshold."""
    matcher = Matcher(wrong_rate=0.2).fit(*BOTH)
    rehearsed = matcher.rehearse(range(len(TEXTS), len(BOTH[0])))
    assert sum(matches[0].confidence >= matcher.threshold_ for matches in rehearsed) <= 0.2 * len(OUTSIDE)


def test_a_text_like_nothing_scores_nothing() -> None:
    """A vector at right angles to all that is known, or of no length, scores zero everywhere."""
    vectors = np.eye(4, dtype=np.float32)[:3]
    strange = np.array([[0, 0, 0, 1], [0, 0, 0, 0]], dtype=np.float32)
    assert not LocalRidge().fit(vectors, np.arange(3), 3).scores(strange).any()


@pytest.mark.parametrize("seed", range(5))
def test_evidence_never_speaks_against(seed: int) -> None:
    """No weight is negative, even where a kind of evidence goes with being wrong."""
    random = np.random.default_rng(seed)
    evidence = random.standard_normal((200, 4)).astype(np.float32)
    right = evidence[:, 0] - evidence[:, 1] + random.standard_normal(200) > 0
    calibrator = Calibrator().fit(evidence, right, np.ones(200, dtype=np.float32))
    assert (calibrator.weights_ >= 0).all()
    assert calibrator.weights_[0] > calibrator.weights_[1] == 0
    more = calibrator.confidence(evidence + 1)
    assert (more >= calibrator.confidence(evidence)).all()
    assert ((more >= 0) & (more <= 1)).all()


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_stated_rate_is_kept(rate: float, seed: int) -> None:
    """Answering from the threshold on is wrong at most as often as stated; any lower would be more often."""
    random = np.random.default_rng(seed)
    confidences = random.random(300).astype(np.float32)
    right = random.random(300) < confidences
    weights = (random.random(300) + 0.5).astype(np.float32)
    threshold = choose_threshold(confidences, right, weights, rate)

    def wrong(least: float) -> float:
        return float(weights[(confidences >= least) & ~right].sum() / weights.sum())

    assert wrong(threshold) <= rate + 1e-6
    below = confidences[confidences < threshold]
    assert not below.size or wrong(float(below.max())) > rate - 1e-6


def test_the_stated_rate_is_kept_among_equals() -> None:
    """Messages with the same confidence are answered all or none."""
    confidences = np.array([0.9, 0.5, 0.5, 0.5, 0.5], dtype=np.float32)
    right = np.array([True, True, True, False, False])
    threshold = choose_threshold(confidences, right, np.ones(5, dtype=np.float32), 0.2)
    assert (~right[confidences >= threshold]).sum() / 5 <= 0.2


def test_balance_gives_each_kind_its_share() -> None:
    """The weights of each kind add up to its share, and all weights to the number of messages."""
    inside = np.array([True] * 8 + [False] * 2)
    weights = balance([inside, ~inside], [0.5, 0.5])
    assert weights[inside].sum() == pytest.approx(5)
    assert weights[~inside].sum() == pytest.approx(5)
