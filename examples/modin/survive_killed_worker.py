"""Functions for ``apply`` that kill their worker, and leave a mark in a file for each row that they see."""

from __future__ import annotations

import os
import signal
from pathlib import Path


# region kill
def read_wall(thickness: float, marks: Path, fatal: float, deaths: int) -> float:
    """Return *thickness*; at the value *fatal*, kill this process the first *deaths* times."""
    with marks.open("ab", buffering=0) as file:
        file.write(b".")
    if thickness == fatal and count(marks.with_suffix(".deaths")) < deaths:
        with marks.with_suffix(".deaths").open("ab", buffering=0) as file:
            file.write(b".")
        os.kill(os.getpid(), signal.SIGKILL)
    return thickness


def count(marks: Path) -> int:
    """Return the number of marks in a file."""
    return marks.stat().st_size if marks.exists() else 0


# endregion kill
