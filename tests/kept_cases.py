"""A small matcher to keep, and what the tests of keeping share."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatbot import Matcher
from chatbot.kept import ModelShelf
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


def obtain(folder: Path, texts: list[str] = TEXTS) -> Matcher:
    """A small matcher, from the folder if it was kept there."""
    return ModelShelf(folder).obtain(matcher_recipe(texts, LABELS, [text.title() for text in texts]))


def only_file(folder: Path) -> Path:
    """The single file in the folder."""
    (file,) = folder.iterdir()
    return file


def run_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start another process with this code."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def count_fits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever a matcher is fitted."""
    fits: list[int] = []
    fit = Matcher.fit

    def counting(matcher: Matcher, *arguments: Any, **named: Any) -> Matcher:
        fits.append(1)
        return fit(matcher, *arguments, **named)

    monkeypatch.setattr(Matcher, "fit", counting)
    return fits
