"""Fitted models that are kept: the same answers as fitted ones, fresh after every change, and a quick start."""

import json
from pathlib import Path

import numpy as np
import pytest

from chatbot import Chatbot
from chatbot.dialogue.safety_net import SafetyNet, net_recipe
from chatbot.kept import ModelShelf
from chatbot.language.kept_matcher import matcher_recipe
from tests.kept_cases import LABELS, OUTSIDE, QUESTIONS, TEXTS, count_fits, obtain, run_python

ALARMING = ["i cannot breathe", "my chest hurts and i cannot breathe", "there is blood everywhere", "i want to die"]
MESSAGES = [*ALARMING, *TEXTS]
TIERS = ["emergency"] * 3 + ["crisis"] + ["none"] * len(TEXTS)

LOAD = """
import sys
from chatbot import Chatbot
bot = Chatbot.load(sys.argv[1])
bot.reply("what is prp")
print(sorted({"sklearn", "scipy"} & set(sys.modules)), bot.alarm.net is None)
"""


def test_a_kept_matcher_ranks_as_the_fitted_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = count_fits(monkeypatch)
    fitted, kept = obtain(tmp_path), obtain(tmp_path)
    assert len(fits) == 1
    assert kept.rank_many(QUESTIONS, top=3) == fitted.rank_many(QUESTIONS, top=3)
    assert kept.threshold_ == fitted.threshold_
    assert kept.texts_ == fitted.texts_
    assert kept.intents_.tolist() == fitted.intents_.tolist()


def test_a_kept_matcher_rehearses_as_the_fitted_one(tmp_path: Path) -> None:
    fitted, kept = obtain(tmp_path), obtain(tmp_path)
    for rows, expected in ((None, fitted.rehearse()), ([4, 16, 0], [fitted.rehearse()[row] for row in (4, 16, 0)])):
        for matches, others in zip(kept.rehearse(rows), expected, strict=True):
            assert [(match.label, match.phrasing) for match in matches] == [(m.label, m.phrasing) for m in others]
            confidences = [match.confidence for match in matches]
            assert confidences == pytest.approx([match.confidence for match in others], abs=1e-4)


def test_a_kept_safety_net_is_as_alarmed_as_the_fitted_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = net_recipe(MESSAGES, TIERS, QUESTIONS)
    fitted = ModelShelf(tmp_path).obtain(recipe)
    monkeypatch.delattr(SafetyNet, "fit")
    kept = ModelShelf(tmp_path).obtain(recipe)
    assert [kept.fear(text) for text in MESSAGES] == [fitted.fear(text) for text in MESSAGES]
    assert (kept.alert_, kept.caution_) == (fitted.alert_, fitted.caution_)


def test_positions_of_a_byte_change_nothing_that_matters(tmp_path: Path) -> None:
    """A training text encoded as any other text lies where it lay in training, in full precision."""
    matcher = obtain(tmp_path)
    np.testing.assert_allclose(matcher.features_.transform(matcher.plain_), matcher.ridge_.vectors_, atol=2e-3)


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (["What is PRP?", *TEXTS[1:]], LABELS),
        ([TEXTS[1], TEXTS[0], *TEXTS[2:]], LABELS),
        (TEXTS, ["cost" if label == "price" else label for label in LABELS]),
        (TEXTS, [*LABELS[:-1], "price"]),
    ],
    ids=["text", "order", "label", "scope"],
)
def test_any_change_of_texts_or_labels_fits_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: list[str], labels: list[str | None]
) -> None:
    obtain(tmp_path)
    fits = count_fits(monkeypatch)
    shown = [text.title() for text in TEXTS]
    ModelShelf(tmp_path).obtain(matcher_recipe(texts, labels, shown))
    assert len(fits) == 1


def test_an_edit_of_the_code_fits_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    obtain(tmp_path)
    fits = count_fits(monkeypatch)
    monkeypatch.setattr("chatbot.kept._code", lambda: "edited")
    obtain(tmp_path)
    assert len(fits) == 1


def test_an_edit_of_a_phrasing_reaches_the_chatbot(folder: Path) -> None:
    before = Chatbot.load(folder).matcher
    file = folder / "prp.yaml"
    yaml = file.read_text(encoding="utf-8")
    phrasing = next(line for line in yaml.splitlines() if line.startswith("      - "))
    file.write_text(yaml.replace(phrasing, "      - zebra platelets in a jar"), encoding="utf-8")
    after = Chatbot.load(folder).matcher
    assert "zebra platelets in a jar" in after.texts_
    assert "zebra platelets in a jar" not in before.texts_
    assert after.rank("zebra in a jar")[0].confidence > before.rank("zebra in a jar")[0].confidence


@pytest.fixture
def guarded(folder: Path) -> Path:
    """A knowledge folder with messages for the second safety net."""
    messages = [{"text": text, "tier": tier, "category": "any"} for text, tier in zip(MESSAGES, TIERS)]
    lines = "\n".join(map(json.dumps, messages))
    (folder / "safety_messages.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_a_start_with_kept_models_imports_neither_scikit_learn_nor_scipy(guarded: Path) -> None:
    Chatbot.load(guarded)
    run = run_python(LOAD, guarded)
    assert run.communicate(timeout=120)[0] == "[] False\n"


def test_a_matcher_without_labels_is_not_kept(tmp_path: Path) -> None:
    assert ModelShelf(tmp_path).obtain(matcher_recipe(OUTSIDE, [None] * len(OUTSIDE), OUTSIDE)).rank("hello") == ()
    assert not list(tmp_path.iterdir())
