"""Colors, markers and axes that all plots share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..measurements import Quantity
from ..quantities import base, best_unit, dimension, quantity_text, unit_name
from ..series import Series

WIDTH = 4.7  # inches; with 10.5 points of text still 11 pixels high on a narrow screen
MARKERS = "osD^vP<X"


@dataclass(frozen=True)
class Theme:
    """Colors for one background.

    The first are Okabe and Ito's, those that stand out against it; the rest were chosen so that no two of the palette
    come closer than a distance of 16 in CIELAB, as seen with normal sight and, in Machado's model of 2009, without red,
    green or blue cones (``tests/ext/test_register_plots.py``).
    """

    text: str
    grid: str
    page: str
    palette: tuple[str, ...]


THEMES = {
    "light": Theme(
        "#1a1a1a",
        "#c9c9c9",
        "#ffffff",
        ("#0072B2", "#D55E00", "#009E73", "#A8518A", "#000000", "#808040", "#b000e0", "#b00000"),
    ),
    "dark": Theme(
        "#e6e6e6",
        "#4d4d4d",
        "#131416",
        ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#FFFFFF", "#e04040", "#e0b0b0"),
    ),
}


def new_axes(figure: Any, *place: Any, **more: Any) -> Any:
    """Return axes without a frame above and at the right."""
    axes = figure.add_subplot(*place, **more)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    return axes


def is_wide(values: Sequence[float]) -> bool:
    """Whether values need a logarithmic axis."""
    return min(values) > 0 and max(values) / min(values) > 30


def quantity_axis(axes: Any, which: str, unit: str, values: Sequence[float], log: bool, label: str = "") -> None:
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
        if label:
            label = f"{label} ({shown})" if shown not in ("", "count") else label
        else:
            label = shown if shown not in ("", "count") else "number"
    if label:
        getattr(axes, f"set_{which}label")(label)


def base_unit(series: Sequence[Series]) -> str:
    """Return the unit in which the plots compute: seconds, bytes and so on."""
    unit = unit_name(series[0].probe.unit)
    return {"time": "s", "size": "B", "rate": "1/s", "throughput": "B/s"}.get(dimension(unit), unit)


def base_samples(item: Series) -> list[float]:
    """Return the samples in base units."""
    assert not isinstance(item.probe, Quantity)
    return [base(sample, item.probe.unit) for sample in item.probe.samples]


def luminance(color: str) -> float:
    """Return the relative luminance of a color, as WCAG defines it."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def letter_color(color: str) -> str:
    """Return black or white, whichever reads better on a color."""
    return "#000000" if luminance(color) > 0.179 else "#ffffff"
