"""One row for each series: distributions of samples, and medians with their spread."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from ..measurements import Quantity, compute
from ..quantities import quantity_text
from ..series import Series
from .theme import MARKERS, Theme, base_samples, base_unit, is_wide, new_axes, quantity_axis

#: From so many samples on, boxes say more than dots.
MANY = 40
#: So many samples beyond the outermost box are dots.
BEYOND = 8


def height(series: Sequence[Series]) -> float:
    """Return the height in inches."""
    return 0.75 + 0.52 * len(series)


def _label_rows(axes: Any, colors: Theme, labels: Sequence[str]) -> None:
    """Write each row's label above it: beside it, long names would leave no room on a narrow screen."""
    from matplotlib.transforms import blended_transform_factory

    place = blended_transform_factory(axes.transAxes, axes.transData)
    for row, label in enumerate(labels):
        axes.text(0.0, row - 0.3, label, transform=place, ha="left", va="center", color=colors.text)
    axes.set_ylim(len(labels) - 0.55, -0.62)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=colors.grid, linewidth=0.6)


def distribution(
    figure: Any, colors: Theme, series: Sequence[Series], labels: Sequence[str], log: bool | None = None
) -> None:
    """Draw the samples of each series: dots where they are few, letter-value boxes where they are many."""
    axes = new_axes(figure)
    everything = [sample for item in series for sample in base_samples(item)]
    color_of = _colors(series, colors)
    for row, item in enumerate(series):
        samples = base_samples(item)
        color, marker = color_of[row]
        if len(samples) >= MANY:
            _boxes(axes, samples, row + 0.1, color, item.own, colors)
        else:
            _dots(axes, samples, row + 0.1, color, marker, item.own)
        axes.plot([compute(samples, "p5"), compute(samples, "p95")], [row + 0.1] * 2, color=colors.text, linewidth=1.1)
        axes.plot([statistics.median(samples)] * 2, [row - 0.06, row + 0.26], color=colors.text, linewidth=2.4)
    log = (is_wide(everything) if log is None else log) and min(everything) > 0
    quantity_axis(axes, "x", base_unit(series), everything, log)
    if not log and min(everything) > 0 and min(everything) < 0.5 * max(everything):
        axes.set_xlim(left=0)
    _label_rows(axes, colors, labels)


def _colors(series: Sequence[Series], colors: Theme) -> list[tuple[str, str]]:
    """Return color and marker of each row; the reader's own has those of what stands above it."""
    found = []
    number = -1
    for item in series:
        number += 0 if item.own else 1
        found.append((colors.palette[number % len(colors.palette)], MARKERS[number % len(MARKERS)]))
    return found


def _dots(axes: Any, samples: Sequence[float], height: float, color: str, marker: str, own: bool) -> None:
    # A fixed pattern spreads the dots; random ones would change the file with every build.
    heights = [height + 0.09 * ((index * 0.618) % 1 * 2 - 1) for index in range(len(samples))]
    size, alpha = (5.5, 0.9) if len(samples) < 10 else (3.2, 0.55)
    if own:
        style = {"markerfacecolor": "none", "markeredgecolor": color, "markeredgewidth": 1.0}
    else:
        style = {"color": color, "markeredgewidth": 0}
    axes.plot(samples, heights, marker, markersize=size, alpha=alpha, linestyle="none", **style)


def _boxes(axes: Any, samples: Sequence[float], height: float, color: str, own: bool, colors: Theme) -> None:
    """Draw letter values: boxes that hold the middle half, 3/4, 7/8 … of the samples, and dots for the last of them.

    Source: Hofmann, Wickham and Kafadar, Letter-Value Plots, 2017.
    """
    from matplotlib.patches import Rectangle

    share, half = 0.5, 0.2
    inner = None
    while len(samples) * (1 - share) >= 2 * BEYOND:
        ends = [_quantile(samples, part) for part in ((1 - share) / 2, (1 + share) / 2)]
        style = (
            {"facecolor": "none", "edgecolor": color, "linestyle": (0, (3, 1.5)), "linewidth": 0.9}
            if own
            else {"facecolor": color, "edgecolor": "none", "alpha": 0.42}
        )
        axes.add_patch(Rectangle((ends[0], height - half), ends[1] - ends[0], 2 * half, **style))
        inner = ends
        share, half = 1 - (1 - share) / 2, half * 0.72
    if inner:
        outside = [sample for sample in samples if not inner[0] <= sample <= inner[1]]
        edge = {"markerfacecolor": "none", "markeredgecolor": color} if own else {"color": color, "markeredgewidth": 0}
        axes.plot(outside, [height] * len(outside), "o", markersize=2.6, alpha=0.8, linestyle="none", **edge)
        axes.update_datalim([(min(samples), height - 0.2), (max(samples), height + 0.2)])


def _quantile(samples: Sequence[float], part: float) -> float:
    ordered = sorted(samples)
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def distribution_legend(series: Sequence[Series], log: bool) -> str:
    """Say what the picture shows."""
    sizes = {len(base_samples(item)) >= MANY for item in series}
    parts = []
    if False in sizes:
        parts.append("Each dot is one run")
    if True in sizes:
        boxes = "boxes hold the middle half of the runs, three quarters, seven eighths and so on, dots the rest"
        parts.append(boxes if parts else boxes.capitalize())
    return f"{'; '.join(parts)}; the bar is the median, the line spans the 5th to the 95th percentile."


def bars(figure: Any, colors: Theme, series: Sequence[Series], labels: Sequence[str], log: bool | None = None) -> None:
    """Draw a bar for each series; on a logarithmic axis, where a length means nothing, a dot."""
    axes = new_axes(figure)
    unit = base_unit(series)
    middles = [_middle(item) for item in series]
    known = [value for triple in middles for value in triple if value is not None]
    log = bool(log) and min(known, default=0) > 0
    color_of = _colors(series, colors) if log else [(colors.palette[0], "o")] * len(series)
    far = max(known, default=1.0)
    for row, (item, (middle, low, high)) in enumerate(zip(series, middles, strict=True)):
        color, marker = color_of[row]
        face = "none" if item.own else color
        if middle is None:
            start = low if low is not None else high if high is not None else 0
        elif log:
            axes.plot([middle], [row + 0.1], marker, markersize=8, color=color, markerfacecolor=face, linestyle="none")
        else:
            dashes = {"linestyle": (0, (3, 1.5))} if item.own else {}
            axes.barh(row + 0.1, middle, height=0.34, facecolor=face, edgecolor=color, linewidth=1, **dashes)
        if low is not None and high is not None:
            axes.plot([low, high], [row + 0.1] * 2, color=colors.text, linewidth=1.3)
        if middle is not None:
            start = max(value for value in (middle, high) if value is not None)
        text = quantity_text(middle, unit, item.probe.digits) if middle is not None else item.probe.scaled().text()
        axes.annotate(
            text, (start, row + 0.1), xytext=(7, 0), textcoords="offset points", va="center", color=colors.text
        )
    least = min(known, default=0.0)
    quantity_axis(axes, "x", unit, known or [1.0], log, label="" if unit else "ratio")
    if log:
        axes.set_xlim(least / 1.6, far * (far / least) ** 0.3 * 1.5)
    else:
        axes.set_xlim(min(0, least), far * 1.3)
    _label_rows(axes, colors, labels)


def _middle(item: Series) -> tuple[float | None, float | None, float | None]:
    """Return middle, low and high in base units; None for what is not known."""
    probe = item.probe
    if not isinstance(probe, Quantity):
        samples = base_samples(item)
        return statistics.median(samples), compute(samples, "p5"), compute(samples, "p95")

    def end(statistic: str) -> float | None:
        try:
            return probe.base_value(statistic)
        except LookupError:
            return None

    return end("value"), end("low"), end("high")


def bars_legend(series: Sequence[Series], log: bool) -> str:
    """Say what the picture shows."""
    what = "Dots" if log else "Bars"
    derived = {item.derived for item in series}
    middle = {False: "medians", True: "values"}.get(derived.pop() if len(derived) == 1 else None, "medians or values")
    spread = {
        "medians": "the 5th to the 95th percentile",
        "values": "the 95\N{NO-BREAK SPACE}% interval",
    }.get(middle, "the 5th to the 95th percentile, or the 95\N{NO-BREAK SPACE}% interval")
    axis = "; the axis is logarithmic" if log else ""
    return f"{what} are {middle}; the lines span {spread}{axis}."
