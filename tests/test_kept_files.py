"""The files that keep fitted models: whatever is wrong with them costs a fit and a line in the log, never more."""

import json
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatbot.kept import NEWEST, ModelShelf
from chatbot.language.kept_matcher import matcher_recipe
from tests.kept_cases import LABELS, QUESTIONS, TEXTS, count_fits, obtain, only_file, run_python

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
    whole = obtain(tmp_path)
    damage(only_file(tmp_path))
    with caplog.at_level(logging.WARNING):
        again = obtain(tmp_path)
    (record,) = caplog.records
    assert "cannot be used and is fitted anew" in record.message
    assert again.rank_many(QUESTIONS) == whole.rank_many(QUESTIONS)
    caplog.clear()
    obtain(tmp_path)
    assert not caplog.records, "the damaged file was not replaced"
    assert [file.suffix for file in tmp_path.iterdir()] == [".npz"], "something ran or was left behind"


def test_two_processes_at_once(tmp_path: Path) -> None:
    facts = json.dumps([TEXTS, LABELS, TEXTS])
    runs = [run_python(OBTAIN, tmp_path / "cache", facts) for _ in range(2)]
    assert [run.communicate(timeout=120)[0] for run in runs] == ["price\n"] * 2
    assert only_file(tmp_path / "cache").suffix == ".npz"


def test_only_the_last_used_models_stay(tmp_path: Path) -> None:
    for number in range(NEWEST + 1):
        obtain(tmp_path, [f"text {number}", *TEXTS[1:]])
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
        ({"XDG_CACHE_HOME": "not/absolute"}, "/users/ann/.cache/clinic-chatbot"),
        ({}, "/users/ann/.cache/clinic-chatbot"),
    ],
)
def test_where_models_are_kept(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], folder: str) -> None:
    monkeypatch.setenv("HOME", "/users/ann")
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


def test_a_read_only_folder_is_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    obtain(tmp_path)
    tmp_path.chmod(0o500)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("this user may write anywhere")
    try:
        fits = count_fits(monkeypatch)
        obtain(tmp_path)
        assert (fits, caplog.records) == ([], [])
        assert obtain(tmp_path, TEXTS[::-1]).rank("price")
        assert len(caplog.records) == 1
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_that_vanishes_is_made_again(tmp_path: Path) -> None:
    obtain(tmp_path / "cache")
    shutil.rmtree(tmp_path / "cache")
    obtain(tmp_path / "cache")
    assert only_file(tmp_path / "cache").suffix == ".npz"
