"""Tables in Markdown, and figures as they stand in them."""

from collections.abc import Iterable, Sequence
from math import floor, log10


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """A table whose first columns, as many as `words` says, hold words, and the others figures."""
    marks = ["---"] * words + ["---:"] * (len(headings) - words)
    lines = [_line(headings), f"|{'|'.join(marks)}|", *map(_line, rows)]
    return "\n".join(lines)


def percent(share: float | None) -> str:
    """A share as per cent."""
    return "–" if share is None else f"{share:.1%}".rstrip("%")


def area(value: float | None) -> str:
    """An area under a curve, as in `.923`."""
    return "–" if value is None else f"{value:.3f}".removeprefix("0")


def figure(value: float) -> str:
    """A number with about three digits that count, and four places at most; whole numbers as they are."""
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    places = 1 if abs(value) >= 10 else min(max(2, 1 - floor(log10(abs(value)))), 4)
    return f"{value:.{places}f}"


def verdict(holds: bool) -> str:
    """Whether a limit is kept."""
    return "holds" if holds else "**does not hold**"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
