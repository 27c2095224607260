"""Draw samples with matplotlib: the same bytes for the same samples, legible on a page 390 pixels wide.

Text is drawn as outlines of DejaVu Sans, which matplotlib brings along: a picture on a web page can load no font.
Nothing is told apart by color alone: letters, markers and lines say the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..series import Series
from . import curves, rows, scaling
from .theme import MARKERS, THEMES, WIDTH, Theme

__all__ = ["KINDS", "MARKERS", "THEMES", "Kind", "Theme", "draw", "source"]


@dataclass(frozen=True)
class Kind:
    """One way to draw: ``draw(figure, theme, series, labels, log)``, and its height in inches."""

    draw: Callable[..., None]
    height: Callable[[Sequence[Series]], float]
    #: Returns what the picture shows, for its caption, of these series, on a logarithmic axis or not.
    legend: Callable[[Sequence[Series], bool], str]
    #: How many rows or curves stay legible.
    limit: int
    #: Whether values that follow from probes may be shown.
    derived: bool = False


KINDS = {
    "distribution": Kind(rows.distribution, rows.height, rows.distribution_legend, 40),
    "payload": Kind(curves.payload, curves.payload_height, curves.payload_legend, 32),
    "bars": Kind(rows.bars, rows.height, rows.bars_legend, 40, derived=True),
    "metg": Kind(curves.metg, curves.metg_height, curves.metg_legend, 32),
    "scaling": Kind(scaling.scaling, scaling.height, scaling.legend, 24),
}


def source() -> str:
    """Return this package's text: a picture is drawn again when the way of drawing changes."""
    return "".join(path.read_text("utf8") for path in sorted(Path(__file__).parent.glob("*.py")))


def draw(kind: str, theme: str, series: Sequence[Series], labels: Sequence[str], log: bool | None = None) -> bytes:
    """Return a plot as SVG; *log* asks for a logarithmic axis or against it, None leaves it to the samples."""
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
        "axes.labelsize": 10.5,
        "axes.edgecolor": colors.text,
        "xtick.color": colors.text,
        "ytick.color": colors.text,
        "axes.linewidth": 0.8,
        "path.simplify": False,
    }
    with matplotlib.rc_context(style):
        figure: Any = Figure(figsize=(WIDTH, KINDS[kind].height(series)), layout="constrained")
        FigureCanvasSVG(figure)
        KINDS[kind].draw(figure, colors, series, labels, log)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()
