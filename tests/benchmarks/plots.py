"""Plots as SVG, the same for the same figures."""

from collections.abc import Mapping, Sequence
from io import StringIO

from matplotlib import rc_context
from matplotlib.figure import Figure

#: Name of a line, and its points.
Lines = Mapping[str, Sequence[tuple[float, float]]]

#: Told apart by people who do not see all colours, too (Okabe and Ito).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


def growth(title: str, across: str, lines: Lines) -> str:
    """Lines on logarithmic axes: what grows in proportion is a straight line there."""
    drawing = Figure(figsize=(6, 3.6), layout="constrained")
    axes = drawing.subplots()
    for (name, points), colour in zip(lines.items(), COLOURS):
        axes.plot(*zip(*points), "o-", label=name, color=colour)
    axes.set(title=title, xlabel=across, xscale="log", yscale="log")
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    return svg(drawing)


def curves(title: str, across: str, lines: Lines) -> str:
    """Lines on ordinary axes that begin at nought."""
    drawing = Figure(figsize=(6, 3.6), layout="constrained")
    axes = drawing.subplots()
    for (name, points), colour in zip(lines.items(), COLOURS):
        axes.plot(*zip(*points), label=name, color=colour)
    axes.set(title=title, xlabel=across, ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend()
    return svg(drawing)


def bars(title: str, groups: Sequence[str], lines: Mapping[str, Sequence[float | None]]) -> str:
    """Bars side by side in groups; None leaves a gap."""
    drawing = Figure(figsize=(7, 3.6), layout="constrained")
    axes = drawing.subplots()
    width = 0.8 / len(lines)
    for place, ((name, heights), colour) in enumerate(zip(lines.items(), COLOURS)):
        known = [(group + place * width, height) for group, height in enumerate(heights) if height is not None]
        places, tall = [place for place, _ in known], [height for _, height in known]
        axes.bar(places, tall, width, label=name, color=colour)
    axes.set(title=title, ylim=(0, None))
    axes.set_xticks([group + 0.4 - width / 2 for group in range(len(groups))], groups)
    axes.legend(fontsize="small")
    return svg(drawing)


def svg(drawing: Figure) -> str:
    """The drawing as a text that only changes when the drawing does."""
    file = StringIO()
    with rc_context({"svg.hashsalt": "benchmarks", "svg.fonttype": "none"}):
        drawing.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"
