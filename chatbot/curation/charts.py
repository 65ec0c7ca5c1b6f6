"""The plots of an evaluation as SVG that takes its colours from the page around it.

Matplotlib knows no CSS: everything is drawn in placeholder colours, and in the SVG the page's replace them.
"""

import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from chatbot.curation.evaluation import Evaluation, Record

_INK, _MUTED, _INSIDE, _OUTSIDE, _WRONG = "#010203", "#040506", "#070809", "#0a0b0c", "#0d0e0f"
_PAGE_COLOURS = {
    _INK: "var(--ink)",
    _MUTED: "var(--muted)",
    _INSIDE: "var(--inside)",
    _OUTSIDE: "var(--outside)",
    _WRONG: "var(--wrong)",
}
_WORST = 15
_STYLE: Any = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
    "legend.frameon": False,
}


def coverage_chart(evaluation: Evaluation) -> str:
    """Share of messages answered against share answered wrongly, by threshold, and where the bot stands."""
    records = evaluation.everyday
    surest = sorted(records, key=lambda record: -record.confidence)
    wrong = np.cumsum([not record.best_right for record in surest]) / max(len(surest), 1)
    covered = np.arange(1, len(surest) + 1) / max(len(surest), 1)
    answered = [record for record in records if record.kind not in {"clarify", "fallback"}]
    stands = (_share([r for r in answered if r.outcome == "wrong"], records), _share(answered, records))

    def draw(axes: Axes) -> None:
        axes.plot([0, *wrong], [0, *covered], color=_INSIDE, label="any threshold, no margin")
        axes.plot(*stands, "o", color=_WRONG, markersize=9, label="the bot as it is set")
        axes.axvline(evaluation.rule.wrong_rate, color=_MUTED, linestyle=":", label="wrong answers allowed")
        axes.set(xlabel="messages answered wrongly", ylabel="messages answered")
        axes.set(xlim=(0, None), ylim=(0, 1.02))
        axes.xaxis.set_major_formatter(_percent)
        axes.yaxis.set_major_formatter(_percent)
        axes.legend(loc="lower right")

    return _svg("coverage", (6, 4), draw)


def confidence_chart(evaluation: Evaluation) -> str:
    """How confident the bot was, in scope and out of it."""
    inside, outside = (
        [record.confidence for record in evaluation.everyday if record.group == group]
        for group in ("in scope", "out of scope")
    )
    bins = np.linspace(0, 1, 26).tolist()

    def draw(axes: Axes) -> None:
        for values, colour, name in ((inside, _INSIDE, "in scope"), (outside, _OUTSIDE, "out of scope")):
            if values:
                shares = np.full(len(values), 1 / len(values))
                axes.hist(values, bins=bins, weights=shares, color=colour, alpha=0.55, label=name)
        axes.axvline(evaluation.rule.threshold, color=_INK, linestyle="--", label="answers from here")
        axes.axvline(evaluation.rule.clarify, color=_MUTED, linestyle=":", label="offers choices from here")
        axes.set(xlabel="confidence in the best match", ylabel="share of its messages", xlim=(0, 1))
        axes.yaxis.set_major_formatter(_percent)
        axes.legend()

    return _svg("confidence", (6, 4), draw)


def confusion_chart(evaluation: Evaluation) -> str:
    """Which intents were answered instead of which, the worst pairs; empty where none was."""
    worst = evaluation.confusions[:_WORST]
    if not worst:
        return ""
    meant = list(dict.fromkeys(pair[0] for pair in worst))
    said = list(dict.fromkeys(pair[1] for pair in worst))

    def draw(axes: Axes) -> None:
        for row, column, times in worst:
            x, y = said.index(column), meant.index(row)
            strength = 0.15 + 0.5 * times / worst[0][2]
            axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=_WRONG, alpha=strength))
            axes.text(x, y, str(times), ha="center", va="center")
        axes.set(xlabel="answered", ylabel="meant")
        axes.set(xlim=(-0.5, len(said) - 0.5), ylim=(len(meant) - 0.5, -0.5))
        axes.set_xticks(range(len(said)), said, rotation=60, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(meant)), meant)

    return _svg("confusions", (1.5 + 0.45 * len(said), 1.5 + 0.35 * len(meant)), draw)


def _share(some: Sequence[Record], records: Sequence[Record]) -> float:
    return len(some) / max(len(records), 1)


def _percent(value: float, _: object) -> str:
    return f"{value:.0%}"


def _svg(name: str, size: tuple[float, float], draw: Callable[[Axes], None]) -> str:
    """The drawing as an `<svg>` element that fits its container, the same for the same figures."""
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    # The salt keeps the ids of several drawings on one page apart.
    with mpl.rc_context(_STYLE):
        mpl.rcParams["svg.hashsalt"] = name
        figure = Figure(figsize=size)
        draw(figure.add_subplot())
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, bbox_inches="tight", metadata=nothing)
    svg = buffer.getvalue()
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg[svg.index("<svg") :], count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    for placeholder, colour in _PAGE_COLOURS.items():
        svg = svg.replace(placeholder, colour)
    return svg
