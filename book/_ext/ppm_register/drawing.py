"""Draw samples with matplotlib: the same bytes for the same samples, legible on a page 390 pixels wide.

Text is drawn as outlines of DejaVu Sans, which matplotlib brings along: a picture on a web page can load no font.
"""

from __future__ import annotations

import io
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .measurements import compute
from .quantities import base, best_unit, dimension, quantity_text, unit_name
from .series import Series

#: What each kind shows, as its caption says it.
KINDS = {
    "distribution": "Each dot is one run; the bar is the median, the line spans the 5th to the 95th percentile.",
    "payload": "Medians; the lines at each point span the 5th to the 95th percentile.",
    "bars": "Bars are medians; the lines span the 5th to the 95th percentile.",
}
#: How many series stay legible.
LIMITS = {"distribution": 10, "payload": 6, "bars": 16}
WIDTH = 4.7  # inches; with 10.5 points of text still 11 pixels high on a narrow screen
MARKERS = "osD^vP"


@dataclass(frozen=True)
class Theme:
    """Colors for one background; the palette is Okabe and Ito's, those that stand out against it."""

    text: str
    grid: str
    palette: tuple[str, ...]


THEMES = {
    "light": Theme("#1a1a1a", "#c9c9c9", ("#0072B2", "#D55E00", "#009E73", "#A8518A", "#000000", "#9A6A00")),
    "dark": Theme("#e6e6e6", "#4d4d4d", ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#FFFFFF")),
}


def source() -> str:
    """Return this module's text: a picture is drawn again when the way of drawing changes."""
    return Path(__file__).read_text("utf8")


def draw(kind: str, theme: str, series: Sequence[Series], labels: Sequence[str]) -> bytes:
    """Return a plot as SVG."""
    # The object interface, not pyplot: no global state, no window system.
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    colors = THEMES[theme]
    style = {
        "font.family": "DejaVu Sans",
        "font.size": 10.5,
        "svg.fonttype": "path",
        "svg.hashsalt": "parallel-python-measured",
        "text.color": colors.text,
        "axes.labelcolor": colors.text,
        "axes.edgecolor": colors.text,
        "xtick.color": colors.text,
        "ytick.color": colors.text,
        "axes.linewidth": 0.8,
        "path.simplify": False,
    }
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(WIDTH, _height(kind, series)), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_axisbelow(True)
        _DRAW[kind](axes, colors, series, labels)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _height(kind: str, series: Sequence[Series]) -> float:
    if kind == "payload":
        return 3.6
    return 0.75 + 0.52 * len(series)


def _is_wide(values: Sequence[float]) -> bool:
    """Whether values need a logarithmic axis."""
    return min(values) > 0 and max(values) / min(values) > 30


def _quantity_axis(axes: Any, which: str, unit: str, values: Sequence[float], log: bool) -> None:
    """Label an axis: with units at the ticks of a logarithmic one, with one unit otherwise."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

    axis = getattr(axes, f"{which}axis")
    if log:
        getattr(axes, f"set_{which}scale")("log")
        few_decades = max(values) / min(values) < 300
        axis.set_major_locator(LogLocator(base=10, subs=(1, 3) if few_decades else (1,), numticks=9))
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
        axis.set_major_formatter(FuncFormatter(lambda value, _: quantity_text(value, unit, 1)))
    else:
        shown = best_unit(max(values), unit)
        factor = base(1.0, shown)
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / factor:g}"))
        getattr(axes, f"set_{which}label")(shown if shown not in ("", "count") else "number")


def _rows(axes: Any, colors: Theme, labels: Sequence[str]) -> None:
    """Write each row's label above it: beside it, long names would leave no room on a narrow screen."""
    from matplotlib.transforms import blended_transform_factory

    place = blended_transform_factory(axes.transAxes, axes.transData)
    for row, label in enumerate(labels):
        axes.text(0.0, row - 0.3, label, transform=place, ha="left", va="center", color=colors.text)
    axes.set_ylim(len(labels) - 0.55, -0.62)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=colors.grid, linewidth=0.6)


def _base_samples(item: Series) -> list[float]:
    return [base(sample, item.probe.unit) for sample in item.probe.samples]


def _base_unit(series: Sequence[Series]) -> str:
    """Return the unit of samples in base units."""
    kind = dimension(series[0].probe.unit)
    return {"time": "s", "size": "B", "rate": "1/s", "throughput": "B/s"}.get(kind, unit_name(kind))


def _distribution(axes: Any, colors: Theme, series: Sequence[Series], labels: Sequence[str]) -> None:
    everything = [sample for item in series for sample in _base_samples(item)]
    for row, item in enumerate(series):
        samples = _base_samples(item)
        color, marker = colors.palette[row % len(colors.palette)], MARKERS[row % len(MARKERS)]
        # A fixed pattern spreads the dots; random ones would change the file with every build.
        heights = [row + 0.1 + 0.09 * ((index * 0.618) % 1 * 2 - 1) for index in range(len(samples))]
        few = len(samples) < 10
        size, alpha = (5.5, 0.9) if few else (3.2, 0.55)
        axes.plot(samples, heights, marker, color=color, markersize=size, alpha=alpha, markeredgewidth=0)
        axes.plot([compute(samples, "p5"), compute(samples, "p95")], [row + 0.1] * 2, color=colors.text, linewidth=1.1)
        axes.plot([statistics.median(samples)] * 2, [row - 0.06, row + 0.26], color=colors.text, linewidth=2.4)
    log = _is_wide(everything)
    _quantity_axis(axes, "x", _base_unit(series), everything, log)
    if not log and min(everything) > 0 and min(everything) < 0.5 * max(everything):
        axes.set_xlim(left=0)
    _rows(axes, colors, labels)


def _bars(axes: Any, colors: Theme, series: Sequence[Series], labels: Sequence[str]) -> None:
    unit = _base_unit(series)
    highest = 0.0
    for row, item in enumerate(series):
        samples = _base_samples(item)
        middle, low, high = (compute(samples, name) for name in ("median", "p5", "p95"))
        color = colors.palette[0]
        axes.barh(row + 0.1, middle, height=0.34, color=color)
        axes.plot([low, high], [row + 0.1] * 2, color=colors.text, linewidth=1.3)
        digits = item.probe.digits
        axes.annotate(
            quantity_text(middle, unit, digits),
            (max(high, middle), row + 0.1),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=colors.text,
        )
        highest = max(highest, high, middle)
    _quantity_axis(axes, "x", unit, [highest], log=False)
    axes.set_xlim(0, highest * 1.25)
    _rows(axes, colors, labels)


def _payload(axes: Any, colors: Theme, series: Sequence[Series], labels: Sequence[str]) -> None:
    from matplotlib.ticker import FuncFormatter, NullLocator

    groups: dict[str, list[Series]] = {}
    for item in series:
        groups.setdefault(item.row, []).append(item)
    sizes = sorted({item.probe.parameters["bytes"] for item in series})
    values = []
    for number, (label, members) in enumerate(groups.items()):
        members.sort(key=lambda item: item.probe.parameters["bytes"])
        color, marker = colors.palette[number], MARKERS[number]
        x = [item.probe.parameters["bytes"] for item in members]
        y = [statistics.median(_base_samples(item)) for item in members]
        axes.plot(x, y, color=color, marker=marker, markersize=6, linewidth=1.6, label=label)
        for size, item in zip(x, members, strict=True):
            samples = _base_samples(item)
            axes.plot([size] * 2, [compute(samples, "p5"), compute(samples, "p95")], color=color, linewidth=1.2)
        values += y
    axes.set_xscale("log")
    axes.set_xticks(sizes)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: quantity_text(value, "B", 1)))
    axes.set_xlabel("payload of one task")
    _quantity_axis(axes, "y", _base_unit(series), values, log=min(values) > 0)
    axes.grid(color=colors.grid, linewidth=0.6)
    if len(groups) > 1:
        axes.legend(frameon=False, loc="upper left", borderaxespad=0, handlelength=1.6)


_DRAW: dict[str, Callable[..., None]] = {"distribution": _distribution, "bars": _bars, "payload": _payload}
