"""Trap: ``Series.apply`` runs the function on the first row in the driver before it runs it on the workers."""

from __future__ import annotations

import os
from pathlib import Path


# region note
def note(row: float, marks: Path) -> float:
    """Return *row*, and leave the id of this process in a file."""
    with marks.open("a") as file:
        file.write(f"{os.getpid()}\n")
    return row


def calls(marks: Path, process: int | None = None) -> int:
    """Return how often :func:`note` ran, in all or in one process."""
    ran = [int(line) for line in marks.read_text().split()]
    return len(ran) if process is None else ran.count(process)


# endregion note
