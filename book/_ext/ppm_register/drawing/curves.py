"""Curves over size: time over payload, and efficiency over granularity.

A letter on each curve, repeated in the key beneath, tells the curves apart without color.
More curves than fit one pair of axes are spread over several, one beneath the other.
"""

from __future__ import annotations

import math
import statistics
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..analyzed import Sweep, sweeps
from ..measurements import compute
from ..quantities import quantity_text
from ..series import Series
from ..titles import payload_way
from .theme import MARKERS, Theme, base_samples, base_unit, letter_color, new_axes, quantity_axis

#: Curves in one pair of axes.
MOST = 7
AXES, ROW, GAP = 2.85, 0.225, 0.6  # inches: height of axes, of a row of the key, and of what stands around them
SPACE = 0.22  # inches between a key and the next axes
FITTING = 42  # letters in a row of the key
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass
class Curve:
    """One curve: points in base units, the label and what the key adds to it."""

    label: str
    x: list[float]
    y: list[float]
    more: str = ""
    #: The sign of what stayed noisy.
    mark: str = ""
    own: bool = False
    #: Ends of the spread at each point, where it is drawn.
    spread: list[tuple[float, float]] = field(default_factory=list)
    #: Where the curve crosses the line that matters, with the ends of its interval.
    crossing: float | None = None
    interval: tuple[float, float] | None = None

    @property
    def lines(self) -> list[str]:
        """The label as the key breaks it; what the key adds stands at the end of the last line."""
        text = self.label + self.mark
        if len(text) + len(self.more) + 2 <= FITTING:
            return [text]
        lines = textwrap.wrap(text, FITTING, break_long_words=False)
        fits = len(lines[-1]) + len(self.more) + 2 <= FITTING or not self.more
        return lines if fits else [*lines, ""]


def _groups(count: int) -> list[range]:
    """Spread curves evenly over axes."""
    pictures = max(1, math.ceil(count / MOST))
    size = math.ceil(count / pictures) if count else 1
    return [range(start, min(start + size, count)) for start in range(0, count, size)] or [range(0)]


def _height(curves: Sequence[Curve]) -> float:
    published = [curve for curve in curves if not curve.own]
    groups = len(_groups(len(published)))
    keys = sum(len(curve.lines) for curve in published) if len(published) > 1 else 0
    return groups * (AXES + GAP) + ROW * keys + SPACE * (groups - 1)


def _layout(figure: Any, curves: Sequence[Curve]) -> list[tuple[Any, Any, list[tuple[int, Curve]]]]:
    """Return, for each group, axes for curves, axes for the key (None for a single curve), and its numbered curves."""
    published = [curve for curve in curves if not curve.own]
    groups = _groups(len(published))
    keyed = len(published) > 1

    def rows_in(group: range) -> int:
        return sum(len(published[place].lines) for place in group)

    ratios = [height for group in groups for height in (AXES, ROW * rows_in(group), SPACE)][:-1] if keyed else [AXES]
    grid = figure.add_gridspec(len(ratios), 1, height_ratios=ratios)
    shared = None
    found = []
    for number, group in enumerate(groups):
        axes = new_axes(figure, grid[number * 3, 0], sharex=shared, sharey=shared)
        shared = shared or axes
        key = figure.add_subplot(grid[number * 3 + 1, 0]) if keyed else None
        # The reader's own curve has the number of the published one that it stands beside.
        members = [(place, curve) for place in group for curve in curves if curve.label == published[place].label]
        found.append((axes, key, members))
    return found


def _style(number: int, colors: Theme) -> tuple[str, str]:
    place = number % MOST
    return colors.palette[place % len(colors.palette)], MARKERS[place % len(MARKERS)]


def _plot(axes: Any, colors: Theme, number: int, curve: Curve) -> None:
    color, marker = _style(number, colors)
    face = "none" if curve.own else color
    line = (0, (4, 2)) if curve.own else "-"
    axes.plot(
        curve.x,
        curve.y,
        color=color,
        marker=marker,
        markersize=4.5,
        markerfacecolor=face,
        linestyle=line,
        linewidth=1.5,
    )
    for x, (low, high) in zip(curve.x, curve.spread, strict=False):
        axes.plot([x] * 2, [low, high], color=color, linewidth=1.1)


def _tag(axes: Any, colors: Theme, number: int, x: float, y: float) -> None:
    """Write the letter of a curve on it."""
    color, _ = _style(number, colors)
    axes.plot([x], [y], "o", markersize=12.5, color=color, markeredgecolor=colors.page, markeredgewidth=1, zorder=5)
    _letter(axes, LETTERS[number % len(LETTERS)], x, y, color)


def _letter(axes: Any, letter: str, x: float, y: float, color: str) -> None:
    axes.annotate(
        letter,
        (x, y),
        ha="center",
        va="center_baseline",
        fontsize=9.5,
        fontweight="bold",
        color=letter_color(color),
        zorder=6,
    )


def _key(axes: Any, colors: Theme, curves: Sequence[tuple[int, Curve]]) -> None:
    """Write letters, names and numbers beneath."""
    rows = [(number, curve) for number, curve in curves if not curve.own]
    axes.set_xlim(0, 1)
    axes.set_ylim(sum(len(curve.lines) for _, curve in rows) - 0.5, -0.5)
    axes.axis("off")
    row = 0
    for number, curve in rows:
        color, marker = _style(number, colors)
        axes.plot([0.005, 0.075], [row] * 2, color=color, linewidth=1.5, clip_on=False)
        axes.plot([0.015], [row], marker=marker, markersize=4.5, color=color, clip_on=False)
        axes.plot([0.055], [row], "o", markersize=11.5, color=color, clip_on=False)
        _letter(axes, LETTERS[number % len(LETTERS)], 0.055, row, color)
        for line in curve.lines:
            axes.text(0.1, row, line, va="center_baseline", color=colors.text)
            row += 1
        axes.text(1.0, row - 1, curve.more, va="center_baseline", ha="right", color=colors.text)


def _spots(
    lines: Sequence[tuple[Sequence[float], Sequence[float]]], wanted: Sequence[float]
) -> list[tuple[float, float]]:
    """Choose a spot on each curve for its letter, near the *wanted* share of its length and clear of other letters.

    The lines are in shares of the axes, from 0 to 1; so are the spots.
    """
    chosen: list[tuple[float, float]] = []
    for (xs, ys), want in zip(lines, wanted, strict=True):
        best, score = (xs[0], ys[0]), -math.inf
        for step in range(41):
            place = step / 40
            spot = _along(xs, ys, place)
            # Distances in inches; letters need a quarter of one, and a curve beneath a letter disturbs less.
            near = min((math.hypot((spot[0] - x) * 3.6, (spot[1] - y) * 2.6) for x, y in chosen), default=1.0)
            others = [_distance(spot, line) for line in lines if line[0] is not xs]
            clear = min(others, default=1.0)
            value = 3 * min(near, 0.27) / 0.27 + min(clear, 0.12) / 0.12 - 0.8 * abs(place - want)
            if value > score:
                best, score = spot, value
        chosen.append(best)
    return chosen


def _along(xs: Sequence[float], ys: Sequence[float], share: float) -> tuple[float, float]:
    place = share * (len(xs) - 1)
    low = min(int(place), len(xs) - 2) if len(xs) > 1 else 0
    part = place - low
    high = min(low + 1, len(xs) - 1)
    return xs[low] + part * (xs[high] - xs[low]), ys[low] + part * (ys[high] - ys[low])


def _distance(spot: tuple[float, float], line: tuple[Sequence[float], Sequence[float]]) -> float:
    points = [_along(*line, step / 30) for step in range(31)]
    return min(math.hypot((spot[0] - x) * 3.6, (spot[1] - y) * 2.6) for x, y in points)


def _write_tags(axes: Any, colors: Theme, members: Sequence[tuple[int, Curve]], wanted: float) -> None:
    """Put the letters on the curves, now that the axes' limits are known."""
    tagged = [(number, curve) for number, curve in members if not curve.own]
    to_share = axes.transScale + axes.transLimits
    lines = []
    for _, curve in tagged:
        shares = to_share.transform(list(zip(curve.x, curve.y, strict=True)))
        lines.append(([float(x) for x, _ in shares], [float(y) for _, y in shares]))
    for (number, _), spot in zip(tagged, _spots(lines, [wanted] * len(lines)), strict=True):
        x, y = to_share.inverted().transform(spot)
        _tag(axes, colors, number, float(x), float(y))


# Time over payload


def _payload_curves(series: Sequence[Series]) -> list[Curve]:
    groups: dict[tuple[str, bool, str], list[Series]] = {}
    for item in series:
        groups.setdefault((item.published, item.own, payload_way(item.base)), []).append(item)
    rows = {(label, own) for label, own, _ in groups}
    ways = {way for _, _, way in groups}
    curves = []
    for (label, own, way), members in groups.items():
        members.sort(key=lambda item: item.probe.parameters["bytes"])
        if len(ways) > 1:
            label = way if len({name for name, _ in rows}) == 1 else f"{label}: {way}"
        samples = [base_samples(item) for item in members]
        curves.append(
            Curve(
                label,
                [item.probe.parameters["bytes"] for item in members],
                [statistics.median(values) for values in samples],
                mark=next((item.mark for item in members if item.mark), ""),
                own=own,
                spread=[(compute(values, "p5"), compute(values, "p95")) for values in samples],
            )
        )
    return curves


def payload_height(series: Sequence[Series]) -> float:
    """Return the height in inches."""
    return _height(_payload_curves(series)) - 0.1


def payload(
    figure: Any, colors: Theme, series: Sequence[Series], labels: Sequence[str], log: bool | None = None
) -> None:
    """Draw time over the size of what is sent or returned."""
    from matplotlib.ticker import FuncFormatter, NullLocator

    curves = _payload_curves(series)
    sizes = sorted({size for curve in curves for size in curve.x})
    values = [y for curve in curves for y in curve.y]
    groups = _layout(figure, curves)
    for axes, _, members in groups:
        for number, curve in members:
            _plot(axes, colors, number, curve)
        axes.set_xscale("log")
        axes.set_xticks(sizes)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: quantity_text(value, "B", 1)))
        axes.set_xlabel("payload of one task")
        quantity_axis(axes, "y", base_unit(series), values, log is not False and min(values) > 0)
        axes.grid(color=colors.grid, linewidth=0.6)
    for axes, key, members in groups:
        if key is not None:
            _write_tags(axes, colors, members, 0.75)
            _key(key, colors, members)


def payload_legend(series: Sequence[Series], log: bool) -> str:
    """Say what the picture shows."""
    return "Medians; the lines at each point span the 5th to the 95th percentile."


# Efficiency over granularity


def _metg_curve(sweep: Sweep) -> Curve:
    quantity = sweep.quantity
    crossing = interval = None
    more = "not known"
    if quantity is not None:
        shown = quantity.scaled()
        more = shown.text()
        if quantity.known:
            crossing = quantity.base_value()
            if quantity.low is not None and quantity.high is not None:
                interval = (quantity.base_value("low"), quantity.base_value("high"))
                more += f" ({shown.number('low')}–{shown.number('high')})"
    percent = [100 * value for value in sweep.efficiency]
    return Curve(
        sweep.label, sweep.granularity, percent, more, sweep.mark, sweep.own, crossing=crossing, interval=interval
    )


def metg_height(series: Sequence[Series]) -> float:
    """Return the height in inches."""
    return _height([_metg_curve(sweep) for sweep in sweeps(series)])


def metg(figure: Any, colors: Theme, series: Sequence[Series], labels: Sequence[str], log: bool | None = None) -> None:
    """Draw efficiency over granularity, and where it crosses one half."""
    curves = [_metg_curve(sweep) for sweep in sweeps(series)]
    everything = [x for curve in curves for x in curve.x]
    groups = _layout(figure, curves)
    for axes, _, members in groups:
        axes.axhline(50, color=colors.text, linewidth=1, linestyle=(0, (1, 1.5)))
        for number, curve in members:
            _plot(axes, colors, number, curve)
            color, _ = _style(number, colors)
            if curve.interval:
                axes.plot(curve.interval, [50, 50], color=color, linewidth=5, alpha=0.55, solid_capstyle="butt")
            if curve.crossing is not None:
                face = "none" if curve.own else color
                axes.plot(
                    [curve.crossing], [50], "|", markersize=13, markeredgewidth=2, color=color, markerfacecolor=face
                )
        quantity_axis(axes, "x", "s", everything, log=True, label="granularity: worker time per task")
        axes.set_ylim(0, 104)
        axes.set_yticks([0, 25, 50, 75, 100], [f"{value}\N{NO-BREAK SPACE}%" for value in (0, 25, 50, 75, 100)])
        axes.set_ylabel("efficiency")
        axes.grid(color=colors.grid, linewidth=0.6)
    for axes, key, members in groups:
        if key is not None:
            _write_tags(axes, colors, members, 0.3)
            _key(key, colors, members)


def metg_legend(series: Sequence[Series], log: bool) -> str:
    """Say what the picture shows."""
    space = "\N{NO-BREAK SPACE}"
    return (
        f"Each point is the median of a sweep's runs; where a curve crosses 50{space}% stands METG(50{space}%), "
        f"with its 95{space}% interval as a thick line and, in the key, in numbers."
    )
