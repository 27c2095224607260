"""Trap: many harmless lines bring the whole frame to the driver; a cell that notes each arrival counts them."""

from __future__ import annotations

import os
from pathlib import Path


# region cell
class Drawing:
    """A cell that leaves the id of each process that unpickles it in a file."""

    def __init__(self, marks: Path) -> None:
        self.marks = marks

    def __reduce__(self):
        return arrive, (self.marks,)


def arrive(marks: Path) -> Drawing:
    """Rebuild a drawing in another process, and leave that process's id."""
    with marks.open("a") as file:
        file.write(f"{os.getpid()}\n")
    return Drawing(marks)


def arrivals(marks: Path) -> int:
    """Return how many drawings came to this process since the last call."""
    found = marks.read_text().split() if marks.exists() else []
    marks.write_text("")
    return found.count(str(os.getpid()))


# endregion cell
