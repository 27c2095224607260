"""Speed-up over workers, one small picture a system, with the law that was fitted to it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from ..analyzed import Scaling, scalings
from ..series import Series
from .theme import Theme, new_axes

PANEL = 1.65  # inches
#: Panels up to which two columns fit a printed page with letters that can be read.
TWO_COLUMNS = 8
#: Letters of a name that fit above a panel, by the number of columns.
FITTING = {1: 48, 2: 20, 3: 15}


def _fill(label: str, width: int) -> str:
    """Break a name between its words, and after a dot, as in ``concurrent.futures``."""
    return textwrap.fill(label.replace(".", ". "), width, break_long_words=False).replace(". ", ".")


def height(series: Sequence[Series]) -> float:
    """Return the height in inches."""
    panels = len(_panels(series))
    return PANEL * math.ceil(panels / _columns(panels)) * (1.8 if panels == 1 else 1) + 0.35


def _columns(panels: int) -> int:
    return 1 if panels == 1 else 2 if panels <= TWO_COLUMNS else 3


def _panels(series: Sequence[Series]) -> dict[str, list[Scaling]]:
    """Group what was measured by system and variant; the reader's own stands in the same panel."""
    panels: dict[str, list[Scaling]] = {}
    for item in scalings(series):
        panels.setdefault(item.label, []).append(item)
    return panels


def scaling(
    figure: Any, colors: Theme, series: Sequence[Series], labels: Sequence[str], log: bool | None = None
) -> None:
    """Draw the panels with shared axes."""
    panels = _panels(series)
    columns = _columns(len(panels))
    rows = math.ceil(len(panels) / columns)
    grid = figure.add_gridspec(rows, columns)
    widest = max(workers for items in panels.values() for item in items for workers in item.workers)
    highest = max(y for items in panels.values() for item in items for y in item.highest())
    first = None
    for place, (label, items) in enumerate(panels.items()):
        axes = new_axes(figure, grid[place // columns, place % columns], sharex=first, sharey=first)
        first = first or axes
        axes.set_title(_fill(label + items[0].mark, FITTING[columns]), fontsize=10.5, loc="left", pad=4)
        _ideal(axes, colors, items[0], widest)
        for item in items:
            _panel(axes, colors, item)
        axes.grid(color=colors.grid, linewidth=0.6)
        lowest_row = place + columns >= len(panels)
        axes.tick_params(labelbottom=lowest_row, labelleft=place % columns == 0)
        if lowest_row:
            axes.set_xlabel("workers")
        if place % columns == 0:
            axes.set_ylabel("speed-up")
    assert first is not None
    first.set_xlim(0, widest * 1.06)
    first.set_ylim(0, highest * 1.12)
    first.set_xticks(_ticks(widest))
    first.set_yticks(_ticks(highest))


def _ticks(highest: float) -> list[int]:
    step = next(step for step in (1, 2, 4, 8, 16, 32, 64, 10**9) if highest / step <= 5)
    return list(range(0, int(highest) + 1, step))


def _ideal(axes: Any, colors: Theme, item: Scaling, widest: float) -> None:
    bend = min(item.ideal_until, widest)
    axes.plot([0, bend, widest], [0, bend, bend], color=colors.text, linewidth=1, linestyle=(0, (1, 1.5)))


def _panel(axes: Any, colors: Theme, item: Scaling) -> None:
    color, other = colors.palette[2 if item.own else 0], colors.palette[1]
    if item.band and not item.own:
        axes.fill_between(item.law_x, *item.band, color=color, alpha=0.22, linewidth=0)
    if item.law_y:
        axes.plot(item.law_x, item.law_y, color=color, linewidth=1.5, linestyle=(0, (4, 2)) if item.own else "-")
    for workers, (low, middle, high), held_out, over in zip(
        item.workers, item.speedups, item.held_out, item.oversubscribed, strict=True
    ):
        if item.own:
            style = {"marker": "x" if over else "^", "color": color, "markerfacecolor": "none"}
        elif held_out:
            style = {"marker": "D", "color": other, "markerfacecolor": other}
        else:
            style = {"marker": "o", "color": color, "markerfacecolor": color}
        if over and not item.own:
            style["markerfacecolor"] = "none"
        axes.plot([workers] * 2, [low, high], color=style["color"], linewidth=1.1)
        axes.plot([workers], [middle], markersize=5.5, linestyle="none", markeredgewidth=1.2, **style)


def legend(series: Sequence[Series], log: bool) -> str:
    """Say what the picture shows, and no more than it shows."""
    items = scalings(series)
    parts = ["Dots are medians with the 5th to 95th percentile; the dotted line is the ideal"]
    laws = list(dict.fromkeys(item.law for item in items if item.law_y))
    if laws:
        parts.append(
            f"the curve is {' or '.join(laws)}, fitted to the filled dots, with its 95\N{NO-BREAK SPACE}% band"
        )
    if any(any(item.held_out) for item in items):
        parts.append("diamonds were held out of the fit")
    if any(any(item.oversubscribed) for item in items):
        parts.append("hollow marks have more workers than cores")
    if any(item.own for item in items):
        parts.append("triangles and the dashed curve are yours, a cross has more workers than your cores")
    return "; ".join(parts) + "."
