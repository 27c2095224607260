"""A function for ``apply`` that kills its worker, and leaves a mark in a file for each row that it sees."""

from __future__ import annotations

import os
import signal
from pathlib import Path


# region kill
def read_wall(row: float, marks: Path, fatal: float, deaths: int) -> float:
    """Return *row*; at the row *fatal*, kill this process the first *deaths* times."""
    with marks.open("a") as file:
        file.write(f"{row:.0f}\n")
    if row == fatal and count(marks, row) <= deaths:
        os.kill(os.getpid(), signal.SIGKILL)
    return row


def count(marks: Path, row: float) -> int:
    """Return how often the function saw *row*."""
    return marks.read_text().split().count(f"{row:.0f}") if marks.exists() else 0


# endregion kill
