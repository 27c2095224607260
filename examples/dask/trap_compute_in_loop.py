"""Trap: ``compute`` in a loop repeats the shared part of the graph; one ``dask.compute`` runs it once."""

from __future__ import annotations

from pathlib import Path

import dask
from dask.delayed import Delayed

from examples.workload.inspection import make_batch


def read(marks: Path) -> list[float]:
    """Stand for an expensive read: leave a mark each time it runs, and return thicknesses."""
    with marks.open("ab", buffering=0) as file:
        file.write(b".")
    return [thickness for _, thickness in make_batch(0)]


# region queries
def queries(marks: Path) -> list[Delayed]:
    """Return three questions about one file, none of them answered yet."""
    readings = dask.delayed(read)(marks)
    return [dask.delayed(question)(readings) for question in (min, max, len)]


def in_a_loop(marks: Path) -> list[float]:
    """Block at each question, and read the file for each."""
    return [query.compute() for query in queries(marks)]


def at_once(marks: Path) -> list[float]:
    """Hand over one graph in which the three questions share one read."""
    return list(dask.compute(*queries(marks)))


# endregion queries
