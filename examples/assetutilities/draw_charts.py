"""Draw a chart into a PNG file.

The original draws on the current figure of pyplot and saves that at 800 dots an inch:
src/assetutilities/common/visualization/visualization_xy.py, lines 170 and 602-607.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import matplotlib
import numpy
from matplotlib.figure import Figure

from examples.assetutilities.job import Method

matplotlib.use("Agg")  # no window: the workers have no screen

#: Inches; the original takes matplotlib's 6.4 by 4.8, whose pixels take seven times as long.
SIZE = (2.4, 1.8)
DPI, LOWER_DPI = 800, 200


# region original
def draw(target: Path) -> Path:
    """Draw with pyplot, whose current figure belongs to the whole process."""
    from matplotlib import pyplot

    _, axes = pyplot.subplots(figsize=SIZE)
    _plot(axes, target)
    pyplot.savefig(target, dpi=DPI)
    pyplot.close()
    return target


# endregion original


# region figure
def draw_figure(target: Path, dpi: int = DPI) -> Path:
    """Draw on a figure of its own: nothing is shared, so threads may do it too."""
    figure = Figure(figsize=SIZE)
    _plot(figure.subplots(), target)
    figure.savefig(target, dpi=dpi)
    return target


# endregion figure


def draw_small(target: Path) -> Path:
    """Draw the same at a quarter of the resolution, which is enough for a screen: another picture."""
    return draw_figure(target, LOWER_DPI)


def _plot(axes: matplotlib.axes.Axes, target: Path) -> None:
    """Plot three curves whose shape depends on the file's name."""
    shift = int(target.stem.rpartition("-")[2])
    x = numpy.linspace(0, 10, 400)
    for curve in range(3):
        axes.plot(x, numpy.sin(x + shift + curve), label=f"case {curve}")
    axes.set_title(f"member {shift}")
    axes.grid(True)
    axes.legend()


METHODS = {"pyplot": Method(draw), "figure": Method(draw_figure), "dpi200": Method(draw_small, same_answer=False)}


def make_inputs(folder: Path, count: int = 4) -> list[Path]:
    """Return the names of *count* pictures that are to be drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    return [folder / f"chart-{number}.png" for number in range(count)]


def answer(path: Path) -> tuple[str, str]:
    """Return the picture's name and the digest of its file."""
    return path.name, hashlib.sha256(path.read_bytes()).hexdigest()
