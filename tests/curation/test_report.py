"""An evaluation in the terminal and as a page."""

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from chatbot.curation.evaluation import Evaluation, Record
from chatbot.curation.report import render_text, write_report
from chatbot.knowledge.model import DecisionRule

RULE = DecisionRule(wrong_rate=0.05, threshold=0.5, margin=0.1, clarify=0.3)
NASTY = "<script>alert('$x$')</script> & co"


@pytest.fixture
def evaluation() -> Evaluation:
    """Two questions in scope, of which one went wrong, and one out of scope."""
    right = Record("how much", "price", "handoff", "in scope", "right", "handoff", ("price",), 0.9, best_right=True)
    wrong = Record(NASTY, NASTY, "answer", "in scope", "wrong", "answer", ("booking",), 0.8, best_right=False)
    refused = Record("weather", "fallback", "", "out of scope", "right", "fallback", (), 0.1, best_right=False)
    return Evaluation((right, wrong, refused), RULE)


@pytest.fixture
def page(evaluation: Evaluation, tmp_path: Path) -> str:
    """The page as it is written."""
    write_report(evaluation, tmp_path / "report.html")
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_terminal_shows_figures_and_confusions(evaluation: Evaluation) -> None:
    """Shares, the intents that were not always right, and what was answered instead."""
    console = Console(width=120)
    with console.capture() as captured:
        console.print(render_text(evaluation))
    shown = captured.get()
    assert "50.0%" in shown
    assert "abstained" in shown
    assert "booking" in shown
    assert "1 other intents: always right" in shown


def test_page_stands_alone(page: str) -> None:
    """Nothing is loaded from anywhere, and every plot is drawn in the page's own colours."""
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]*"|http-equiv', "", page)
    plots = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(plots) == 3
    for plot in plots:
        ET.fromstring(plot)  # noqa: S314  # our own drawing
        assert not re.search(r"#[0-9a-f]{6}\b", plot)


def test_page_escapes_what_people_typed(page: str) -> None:
    """A message with markup shows as typed, in tables and in plots."""
    parser = _Scripts()
    parser.feed(page)
    assert parser.count == 1  # the filter of the table
    assert "&lt;script&gt;alert(&#x27;$x$&#x27;)&lt;/script&gt; &amp; co" in page


def test_page_is_the_same_for_the_same_figures(evaluation: Evaluation, page: str, tmp_path: Path) -> None:
    """No date and no random id, so that two reports can be compared."""
    write_report(evaluation, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_an_empty_evaluation_has_a_page(tmp_path: Path) -> None:
    """Without questions there are no plots and no tables, but no error either."""
    write_report(Evaluation((), RULE), tmp_path / "empty.html")
    assert "<svg" not in (tmp_path / "empty.html").read_text(encoding="utf-8")


class _Scripts(HTMLParser):
    count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count += tag == "script"
