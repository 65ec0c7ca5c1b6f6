"""Fitted models that are kept on disk: the same answers as fitted ones, fresh after every change, never a danger."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatbot import Chatbot, Matcher
from chatbot.dialogue.safety_net import SafetyNet, net_recipe
from chatbot.kept import NEWEST, ModelShelf
from chatbot.language.kept_matcher import matcher_recipe

PHRASINGS = {
    "price": ["how much is it", "what does it cost", "price of a scan", "is it expensive", "fees please"],
    "booking": ["book an appointment", "i want to book", "make a booking", "can i come in", "reserve a slot"],
    "place": ["where are you", "what is the address", "how do i find the clinic", "which street", "directions"],
}
OUTSIDE = ["what is the weather like", "tell me a joke", "who won the football", "capital of france"]
TEXTS = [text for texts in PHRASINGS.values() for text in texts] + OUTSIDE
LABELS: list[str | None] = [label for label, texts in PHRASINGS.items() for _ in texts]
LABELS += [None] * len(OUTSIDE)
QUESTIONS = ["what is the price", "book a scan", "wher is the clinic", "football", "", "zzz qqq", "日本語 🎉"]

ALARMING = ["i cannot breathe", "my chest hurts and i cannot breathe", "there is blood everywhere", "i want to die"]
MESSAGES = [*ALARMING, *TEXTS]
ALARMS = [True] * len(ALARMING) + [False] * len(TEXTS)

LOAD = """
import sys
from chatbot import Chatbot
bot = Chatbot.load(sys.argv[1])
bot.reply("what is prp")
print(sorted({"sklearn", "scipy"} & set(sys.modules)), bot.alarm.net is None)
"""

OBTAIN = """
import json, pathlib, sys
from chatbot.kept import ModelShelf
from chatbot.language.kept_matcher import matcher_recipe
matcher = ModelShelf(pathlib.Path(sys.argv[1])).obtain(matcher_recipe(*json.loads(sys.argv[2])))
print(matcher.rank("what is the price")[0].label)
"""


@dataclass(frozen=True)
class Exploit:
    """Leaves a trace where it is unpickled."""

    trace: Path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Path]]:
        return Path.touch, (self.trace,)


def _obtain(folder: Path | None, texts: list[str] = TEXTS) -> Matcher:
    return ModelShelf(folder).obtain(matcher_recipe(texts, LABELS, [text.title() for text in texts]))


def _file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def _run(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _fits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever a matcher is fitted."""
    fits: list[int] = []
    fit = Matcher.fit

    def counting(matcher: Matcher, *arguments: Any, **named: Any) -> Matcher:
        fits.append(1)
        return fit(matcher, *arguments, **named)

    monkeypatch.setattr(Matcher, "fit", counting)
    return fits


def test_a_kept_matcher_ranks_as_the_fitted_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = _fits(monkeypatch)
    fitted, kept = _obtain(tmp_path), _obtain(tmp_path)
    assert len(fits) == 1
    assert kept.rank_many(QUESTIONS, top=3) == fitted.rank_many(QUESTIONS, top=3)
    assert kept.threshold_ == fitted.threshold_
    assert kept.texts_ == fitted.texts_
    assert kept.intents_.tolist() == fitted.intents_.tolist()


def test_a_kept_matcher_rehearses_as_the_fitted_one(tmp_path: Path) -> None:
    fitted, kept = _obtain(tmp_path), _obtain(tmp_path)
    for rows, expected in ((None, fitted.rehearse()), ([4, 16, 0], [fitted.rehearse()[row] for row in (4, 16, 0)])):
        for matches, others in zip(kept.rehearse(rows), expected, strict=True):
            assert [(match.label, match.phrasing) for match in matches] == [(m.label, m.phrasing) for m in others]
            confidences = [match.confidence for match in matches]
            assert confidences == pytest.approx([match.confidence for match in others], abs=1e-4)


def test_a_kept_safety_net_is_as_alarmed_as_the_fitted_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = net_recipe(MESSAGES, ALARMS)
    fitted = ModelShelf(tmp_path).obtain(recipe)
    monkeypatch.delattr(SafetyNet, "fit")
    kept = ModelShelf(tmp_path).obtain(recipe)
    assert [kept.alarm(text) for text in MESSAGES] == [fitted.alarm(text) for text in MESSAGES]
    assert (kept.alert_, kept.caution_) == (fitted.alert_, fitted.caution_)


def test_float16_positions_change_nothing_that_matters(tmp_path: Path) -> None:
    """A training text encoded as any other text lies where it lay in training, in full precision."""
    matcher = _obtain(tmp_path)
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
    _obtain(tmp_path)
    fits = _fits(monkeypatch)
    shown = [text.title() for text in TEXTS]
    ModelShelf(tmp_path).obtain(matcher_recipe(texts, labels, shown))
    assert len(fits) == 1


def test_an_edit_of_the_code_fits_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _obtain(tmp_path)
    fits = _fits(monkeypatch)
    monkeypatch.setattr("chatbot.kept._code", lambda: "edited")
    _obtain(tmp_path)
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


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _flip_a_bit(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _scribble(file: Path) -> None:
    file.write_text("not a model", encoding="utf-8")


def _swap(file: Path, **arrays: Any) -> None:
    """The same file with other arrays, or without those that are None."""
    with np.load(file) as archive:
        found = dict(archive) | arrays
    np.savez(file, allow_pickle=True, **{name: each for name, each in found.items() if each is not None})


def _cut_vectors(file: Path) -> None:
    _swap(file, vectors=np.zeros((3, 3), dtype=np.float32))


def _lose_an_array(file: Path) -> None:
    _swap(file, calibration=None)


def _name_labels_that_do_not_exist(file: Path) -> None:
    _swap(file, intents=np.full(len(TEXTS), 77))


def _list_numbers_as_texts(file: Path) -> None:
    _swap(file, names=np.frombuffer(b'{"labels": [1, 2]}', dtype=np.uint8))


def _take_another_key(file: Path) -> None:
    _swap(file, key=np.frombuffer(b"0" * 64, dtype=np.uint8))


def _plant_code(file: Path) -> None:
    exploit = np.empty(1, dtype=object)
    exploit[0] = Exploit(file.with_name("trace"))
    _swap(file, vectors=exploit)


@pytest.mark.parametrize(
    "damage",
    [
        _empty,
        _truncate,
        _flip_a_bit,
        _scribble,
        _cut_vectors,
        _lose_an_array,
        _name_labels_that_do_not_exist,
        _list_numbers_as_texts,
        _take_another_key,
        _plant_code,
    ],
)
def test_a_damaged_file_is_fitted_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    whole = _obtain(tmp_path)
    damage(_file(tmp_path))
    with caplog.at_level(logging.WARNING):
        again = _obtain(tmp_path)
    (record,) = caplog.records
    assert "cannot be used and is fitted anew" in record.message
    assert again.rank_many(QUESTIONS) == whole.rank_many(QUESTIONS)
    caplog.clear()
    _obtain(tmp_path)
    assert not caplog.records, "the damaged file was not replaced"
    assert [file.suffix for file in tmp_path.iterdir()] == [".npz"], "something ran or was left behind"


@pytest.fixture
def guarded(folder: Path) -> Path:
    """A knowledge folder with messages for the second safety net."""
    messages = [
        {"text": text, "tier": "urgent" if alarm else "none", "category": "any"}
        for text, alarm in zip(MESSAGES, ALARMS)
    ]
    lines = "\n".join(map(json.dumps, messages))
    (folder / "safety_messages.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_a_start_with_kept_models_imports_neither_scikit_learn_nor_scipy(guarded: Path) -> None:
    Chatbot.load(guarded)
    run = _run(LOAD, guarded)
    assert run.communicate(timeout=120)[0] == "[] False\n"


def test_two_processes_at_once(tmp_path: Path) -> None:
    facts = json.dumps([TEXTS, LABELS, TEXTS])
    runs = [_run(OBTAIN, tmp_path / "cache", facts) for _ in range(2)]
    assert [run.communicate(timeout=120)[0] for run in runs] == ["price\n"] * 2
    assert _file(tmp_path / "cache").suffix == ".npz"


def test_only_the_last_used_models_stay(tmp_path: Path) -> None:
    for number in range(NEWEST + 1):
        _obtain(tmp_path, [f"text {number}", *TEXTS[1:]])
        for age, file in enumerate(sorted(tmp_path.iterdir(), key=lambda file: -file.stat().st_mtime)):
            os.utime(file, (1_000_000 - age, 1_000_000 - age))
    assert len(list(tmp_path.iterdir())) == NEWEST


def test_nothing_is_kept_where_the_setting_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shelf = ModelShelf.of_environment({"CHATBOT_CACHE": "", "XDG_CACHE_HOME": str(tmp_path)})
    assert shelf.folder is None
    assert shelf.obtain(matcher_recipe(TEXTS, LABELS, TEXTS)).rank("price")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"CHATBOT_CACHE": "/var/models", "XDG_CACHE_HOME": "/x"}, "/var/models"),
        ({"XDG_CACHE_HOME": "/x"}, "/x/clinic-chatbot"),
        ({"XDG_CACHE_HOME": "not/absolute"}, "/home/ann/.cache/clinic-chatbot"),
        ({}, "/home/ann/.cache/clinic-chatbot"),
    ],
)
def test_where_models_are_kept(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], folder: str) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert ModelShelf.of_environment(environment).folder == Path(folder)


def test_a_folder_that_cannot_be_made_costs_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    shelf = ModelShelf(tmp_path / "file" / "cache")
    for _ in range(2):
        assert shelf.obtain(matcher_recipe(TEXTS, LABELS, TEXTS)).rank("price")
    (record,) = caplog.records
    assert "cannot be kept" in record.message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    _obtain(tmp_path)
    tmp_path.chmod(0o500)
    try:
        fits = _fits(monkeypatch)
        _obtain(tmp_path)
        assert (fits, caplog.records) == ([], [])
        assert _obtain(tmp_path, TEXTS[::-1]).rank("price")
        assert len(caplog.records) == 1
    finally:
        tmp_path.chmod(0o700)


def test_a_matcher_without_labels_is_not_kept(tmp_path: Path) -> None:
    assert ModelShelf(tmp_path).obtain(matcher_recipe(OUTSIDE, [None] * len(OUTSIDE), OUTSIDE)).rank("hello") == ()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_vanishes_is_made_again(tmp_path: Path) -> None:
    _obtain(tmp_path / "cache")
    shutil.rmtree(tmp_path / "cache")
    _obtain(tmp_path / "cache")
    assert _file(tmp_path / "cache").suffix == ".npz"
