"""Two threads draw with pyplot, and one saves the picture of the other: the current figure belongs to the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import matplotlib

matplotlib.use("Agg")


# region trap
def title_of_own_chart(number: int, drawn: threading.Barrier) -> str:
    """Make a chart, and return the title of the chart that ``pyplot.savefig`` would save now."""
    from matplotlib import pyplot

    pyplot.subplots()
    pyplot.title(f"chart {number}")
    drawn.wait(30)  # the other thread has made its chart too
    return pyplot.gca().get_title()


# endregion trap


# region fix
def title_of_own_figure(number: int, drawn: threading.Barrier) -> str:
    """Make a figure that no other thread can reach, and return its title."""
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    axes.set_title(f"chart {number}")
    drawn.wait(30)
    return axes.get_title()


# endregion fix


def titles(draw: Callable[[int, threading.Barrier], str]) -> list[str]:
    """Return what two threads see that draw at the same time."""
    from matplotlib import pyplot

    drawn = threading.Barrier(2)
    try:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(draw, range(2), [drawn, drawn]))
    finally:
        pyplot.close("all")
