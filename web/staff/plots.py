"""Plots as SVG that takes its colours from the page's style sheet; each stands above a table with the same numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

_WIDTH, _HEIGHT, _LEFT, _BELOW = 720, 220, 40, 28
_PIECE = Markup('<rect class="series-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>')


@dataclass(frozen=True)
class Bars:
    """A stacked bar for each day: numbers by name, in the order of `names`."""

    title: str
    names: tuple[str, ...]
    days: Mapping[date, Mapping[str, int]]


def svg(bars: Bars) -> Markup:
    """The bars, with what they say in words for those who do not see them."""
    days = sorted(bars.days)
    top = max((sum(bars.days[day].values()) for day in days), default=0) or 1
    width = (_WIDTH - _LEFT) / max(len(days), 1)
    drawn = Markup("").join(_bar(bars, day, _LEFT + place * width, width, top) for place, day in enumerate(days))
    label = f"{bars.title}: {sum(map(_total, bars.days.values()))} in {len(days)} days, at most {top} a day."
    return Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>').format(
        _WIDTH, _HEIGHT + _BELOW, label, _axis(top), drawn, _ends(days)
    )


def _total(numbers: Mapping[str, int]) -> int:
    return sum(numbers.values())


def _bar(bars: Bars, day: date, left: float, width: float, top: int) -> Markup:
    """The pieces of a day's bar, from the bottom up."""
    scale = (_HEIGHT - 10) / top
    numbers = [bars.days[day].get(name, 0) for name in bars.names]
    tops = [_HEIGHT - sum(numbers[: place + 1]) * scale for place in range(len(numbers))]
    return Markup("").join(
        _PIECE.format(
            place, left + width * 0.1, tops[place], width * 0.8, number * scale, f"{day:%-d %B}: {number} {name}"
        )
        for place, (name, number) in enumerate(zip(bars.names, numbers))
        if number
    )


def _axis(top: int) -> Markup:
    return Markup(
        '<line class="axis" x1="{left}" y1="{bottom}" x2="{right}" y2="{bottom}"/>'
        '<text x="{edge}" y="{bottom}" text-anchor="end">0</text>'
        '<text x="{edge}" y="20" text-anchor="end">{top}</text>'
    ).format(left=_LEFT, bottom=_HEIGHT, right=_WIDTH, edge=_LEFT - 6, top=top)


def _ends(days: Sequence[date]) -> Markup:
    if not days:
        return Markup("")
    return Markup('<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>').format(
        _LEFT, _HEIGHT + 20, f"{days[0]:%-d %b}", _WIDTH, _HEIGHT + 20, f"{days[-1]:%-d %b}"
    )
