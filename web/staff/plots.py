"""Plots as SVG that takes its colours from the page's style sheet; each stands above a table with the same numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

_WIDTH, _HEIGHT, _LEFT, _BELOW = 720, 220, 40, 28


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
    return Markup(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>'
    ).format(_WIDTH, _HEIGHT + _BELOW, label, _axis(top), drawn, _ends(days, width))


def _total(numbers: Mapping[str, int]) -> int:
    return sum(numbers.values())


def _bar(bars: Bars, day: date, left: float, width: float, top: int) -> Markup:
    pieces, base = [], 0
    for place, name in enumerate(bars.names):
        number = bars.days[day].get(name, 0)
        height = number / top * (_HEIGHT - 10)
        base_height = base / top * (_HEIGHT - 10)
        if number:
            pieces.append(
                Markup('<rect class="series-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>').format(
                    place, left + width * 0.1, _HEIGHT - base_height - height, width * 0.8, height,
                    f"{day:%-d %B}: {number} {name}",
                )
            )
        base += number
    return Markup("").join(pieces)


def _axis(top: int) -> Markup:
    return Markup(
        '<line class="axis" x1="{left}" y1="{bottom}" x2="{right}" y2="{bottom}"/>'
        '<text x="{edge}" y="{bottom}" text-anchor="end">0</text>'
        '<text x="{edge}" y="20" text-anchor="end">{top}</text>'
    ).format(left=_LEFT, bottom=_HEIGHT, right=_WIDTH, edge=_LEFT - 6, top=top)


def _ends(days: Sequence[date], width: float) -> Markup:
    if not days:
        return Markup("")
    return Markup('<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{}</text>').format(
        _LEFT, _HEIGHT + 20, f"{days[0]:%-d %b}", _WIDTH, _HEIGHT + 20, f"{days[-1]:%-d %b}"
    )
