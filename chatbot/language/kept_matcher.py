"""A fitted matcher as plain arrays, and back."""

from collections.abc import Callable, Sequence

import numpy as np

from chatbot.language.calibration import Calibrator
from chatbot.language.embeddings import DIMENSIONS
from chatbot.language.evidence import EVIDENCE, Phrasings, WordCounts, together
from chatbot.language.features import Features, Weighted, grams_in
from chatbot.language.kept import Arrays, Recipe, embeddings_mark, pack_texts, shaped, unpack_texts
from chatbot.language.matcher import Matcher, Rehearsal

_TEXTS = ("labels", "texts", "plain", "words", "phrases", "characters", "typed")


def matcher_recipe(
    texts: Sequence[str], labels: Sequence[str | None], shown: Sequence[str], make: Callable[[], Matcher] = Matcher
) -> Recipe[Matcher]:
    """How to come by a matcher: arguments as in `Matcher.fit`, and what makes one that has learnt nothing yet."""
    return Recipe(
        kind="matcher",
        ingredients=[vars(make()), embeddings_mark(), list(texts), list(labels), list(shown)],
        fit=lambda: make().fit(texts, labels, shown=shown),
        pack=pack_matcher,
        unpack=lambda arrays: unpack_matcher(arrays, make()),
    )


def pack_matcher(matcher: Matcher) -> Arrays:
    """The arrays of a fitted matcher; none if it has learnt no label."""
    if not matcher.labels_:
        return {}
    features = matcher.features_
    names = (
        matcher.labels_,
        matcher.texts_,
        matcher.plain_,
        tuple(features.word_weights_),
        tuple(features.phrases_.vocabulary),
        tuple(features.characters_.vocabulary),
        tuple(matcher.phrasings_.words.numbers),
    )
    counts = matcher.phrasings_.words
    return {
        "names": pack_texts(dict(zip(_TEXTS, names))),
        "intents": matcher.intents_.astype(np.int64),
        "word_weights": np.array([*features.word_weights_.values(), features.unknown_weight_]),
        "phrase_weights": features.phrases_.weights,
        "phrase_positions": features.phrases_.positions,
        "phrase_scales": features.phrases_.scales,
        "character_weights": features.characters_.weights,
        "character_positions": features.characters_.positions,
        "character_scales": features.characters_.scales,
        "rotation": features.rotation_,
        "vectors": matcher.ridge_.vectors_,
        "word_pairs": counts.pairs.astype(np.int64),
        "word_pair_counts": counts.pair_counts.astype(np.int64),
        "word_totals": counts.totals.astype(np.int64),
        "rehearsed_rows": matcher.rehearsal_.rows.astype(np.int64),
        "rehearsed_labels": matcher.rehearsal_.labels.astype(np.int64),
        "rehearsed_confidences": matcher.rehearsal_.confidences,
        "calibration": np.array([*matcher.calibrator_.weights_, matcher.calibrator_.bias_, matcher.threshold_]),
    }


def unpack_matcher(arrays: Arrays, matcher: Matcher) -> Matcher:
    """The matcher, which has learnt nothing yet, with what these arrays were made of.

    Raises:
        ValueError: an array has the wrong type, shape or values.
        KeyError: an array is missing.
    """
    labels, texts, plain, words, phrases, characters, typed = unpack_texts(arrays["names"], *_TEXTS)
    dimensions = arrays["rotation"].shape[-1]
    matcher.labels_, matcher.texts_, matcher.plain_ = tuple(labels), tuple(texts), tuple(plain)
    matcher.intents_ = shaped(arrays, "intents", np.int64, len(texts)).astype(np.intp, copy=False)
    if len(plain) != len(texts) or set(matcher.intents_.tolist()) - {-1} != set(range(len(labels))):
        raise ValueError("texts and labels do not fit together")
    matcher.rows_ = together(matcher.intents_)
    matcher.features_ = features = Features(spelling=matcher.spelling)
    weights = shaped(arrays, "word_weights", np.float64, len(words) + 1).tolist()
    features.word_weights_, features.unknown_weight_ = dict(zip(words, weights)), weights[-1]
    features.phrases_ = _weighted(arrays, "phrase", phrases, dimensions)
    features.characters_ = _weighted(arrays, "character", characters, dimensions, grams_in)
    features.rotation_ = shaped(arrays, "rotation", np.float32, 2 * DIMENSIONS, dimensions)
    matcher.ridge_ = matcher.fit_ridge(shaped(arrays, "vectors", np.float32, len(texts), dimensions))
    counts = _word_counts(arrays, typed, len(labels))
    matcher.phrasings_ = Phrasings(matcher.plain_, matcher.ridge_.vectors_, matcher.intents_[matcher.rows_], counts)
    numbers = shaped(arrays, "calibration", np.float64, len(EVIDENCE) + 2).tolist()
    *calibration, bias, matcher.threshold_ = numbers
    matcher.calibrator_ = Calibrator.of(calibration, bias)
    matcher.rehearsal_ = _rehearsal(arrays)
    return matcher


def _rehearsal(arrays: Arrays) -> Rehearsal:
    count, width = arrays["rehearsed_labels"].shape
    return Rehearsal(
        shaped(arrays, "rehearsed_rows", np.int64, count).astype(np.intp, copy=False),
        shaped(arrays, "rehearsed_labels", np.int64, count, width).astype(np.intp, copy=False),
        shaped(arrays, "rehearsed_confidences", np.float32, count, width),
    )


def _word_counts(arrays: Arrays, typed: Sequence[str], intents: int) -> WordCounts:
    pairs = arrays["word_pairs"].size
    return WordCounts(
        {word: number for number, word in enumerate(typed)},
        intents,
        shaped(arrays, "word_pairs", np.int64, pairs),
        shaped(arrays, "word_pair_counts", np.int64, pairs),
        shaped(arrays, "word_totals", np.int64, len(typed)),
    )


def _weighted(
    arrays: Arrays,
    name: str,
    vocabulary: Sequence[str],
    dimensions: int,
    take_apart: Callable[[str], Sequence[str]] = lambda name: (name,),
) -> Weighted:
    return Weighted(
        {gram: number for number, gram in enumerate(vocabulary)},
        shaped(arrays, f"{name}_weights", np.float32, len(vocabulary)),
        shaped(arrays, f"{name}_positions", np.int8, len(vocabulary), dimensions),
        shaped(arrays, f"{name}_scales", np.float32, len(vocabulary)),
        take_apart,
    )
