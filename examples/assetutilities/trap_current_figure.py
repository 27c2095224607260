"""Two threads draw with pyplot, and both save the same picture: the current figure belongs to the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import matplotlib

matplotlib.use("Agg")

Draw = Callable[[int, Callable[[], object]], str]


# region trap
def title_of_own_chart(number: int, meet: Callable[[], object]) -> str:
    """Make a chart, and return the title of the chart that ``pyplot.savefig`` would save."""
    from matplotlib import pyplot

    if number == 1:
        meet()  # the other thread draws first
    pyplot.subplots()
    pyplot.title(f"chart {number}")
    if number == 0:
        meet()
    meet()  # both have drawn
    return pyplot.gca().get_title()


# endregion trap


# region fix
def title_of_own_figure(number: int, meet: Callable[[], object]) -> str:
    """Make a figure that no other thread can reach, and return its title."""
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    axes.set_title(f"chart {number}")
    meet()
    return axes.get_title()


# endregion fix


def titles(draw: Draw) -> list[str]:
    """Return what two threads see that draw side by side."""
    from matplotlib import pyplot

    barrier = threading.Barrier(2)
    try:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda number: draw(number, lambda: barrier.wait(30)), range(2)))
    finally:
        pyplot.close("all")
