"""An evaluation told to people: tables for the terminal, a page for the browser."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from chatbot.curation.evaluation import Counts, Evaluation, Outcome

_WORST_PAIRS = 15
_OUTCOMES: tuple[Outcome, ...] = ("right", "clarified", "wrong", "missed")
_REFUSALS: tuple[Outcome, ...] = ("right", "clarified", "wrong")


def render_text(evaluation: Evaluation) -> RenderableType:
    """The figures, the intents that were not always right, and the worst confusions, for a rich console."""
    parts: list[RenderableType] = [*_headlines(evaluation)]
    if evaluation.unknown:
        names = ", ".join(evaluation.unknown)
        parts.append(Text(f"Labels that the knowledge does not have: {names}", style="yellow"))
    if evaluation.per_intent:
        parts.append(_per_intent(evaluation))
    if evaluation.confusions:
        parts.append(_confusions(evaluation))
    rule = evaluation.rule
    limits = f"Threshold {rule.threshold:.2f}, margin {rule.margin:.2f}, choices from {rule.clarify:.2f}."
    return Group(*parts, Text(limits, style="dim"))


def write_report(evaluation: Evaluation, path: Path) -> None:
    """Write one self-contained HTML page with the figures, plots, tables and wrong answers."""
    from chatbot.curation.page import page  # with matplotlib, which takes a second to load: wanted here alone

    path.write_text(page(evaluation), encoding="utf-8")


def _headlines(evaluation: Evaluation) -> list[RenderableType]:
    inside = [
        ("in scope", evaluation.counts("in scope")),
        ("  of kind answer", evaluation.answers),
        ("later turns", evaluation.counts("follow-up")),
        ("several questions", evaluation.counts("several")),
        ("one question", evaluation.counts("single")),
    ]
    outside = [("out of scope", evaluation.counts("out of scope"))]
    alarming = [("alarming", evaluation.counts("safety"))]
    tables = [
        _shares(inside, _OUTCOMES, ("right", "clarified", "wrong", "missed")),
        _shares(outside, _REFUSALS, ("abstained", "clarified", "answered")),
        _shares(alarming, _OUTCOMES, ("card", "clarified", "answered", "missed")),
    ]
    return [table for table in tables if table.row_count]


def _shares(rows: Sequence[tuple[str, Counts]], outcomes: Sequence[Outcome], names: Sequence[str]) -> Table:
    table = _table("", "messages", *names)
    for name, counts in rows:
        if counts.total:
            table.add_row(name, str(counts.total), *(f"{counts.share(outcome):.1%}" for outcome in outcomes))
    return table


def _per_intent(evaluation: Evaluation) -> Table:
    table = _table("intent", "messages", *_OUTCOMES)
    imperfect = {name: counts for name, counts in evaluation.per_intent.items() if counts.right < counts.total}
    for name, counts in imperfect.items():
        table.add_row(name, str(counts.total), *(str(getattr(counts, outcome) or "·") for outcome in _OUTCOMES))
    table.caption = f"{len(evaluation.per_intent) - len(imperfect)} other intents: always right"
    return table


def _confusions(evaluation: Evaluation) -> Table:
    table = Table("meant", "answered", box=None, title="Worst confusions", title_justify="left")
    table.add_column("times", justify="right")
    for meant, answered, times in evaluation.confusions[:_WORST_PAIRS]:
        table.add_row(meant, answered, str(times))
    return table


def _table(first: str, *numbers: str) -> Table:
    table = Table(first, box=None, caption_justify="left")
    for name in numbers:
        table.add_column(name, justify="right")
    return table
