"""Tasks that fail on purpose, and leave a mark in a file each time that they are tried."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from examples.workload.inspection import Summary, inspect_batch


# region failures
def killed_once(number: int, marks: Path) -> Summary:
    """Summarise batch *number*, but kill the Python worker at the first try of batch 3."""
    if mark(marks, number) == 1 and number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return inspect_batch(number)


def always_killed(number: int, marks: Path) -> None:
    """Kill every worker that tries, as a segmentation fault would."""
    mark(marks, number)
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(number: int, marks: Path) -> None:
    """Raise, as application code does when its input is wrong."""
    mark(marks, number)
    raise ValueError(f"batch {number} has no readings")


# endregion failures


def mark(marks: Path, number: int) -> int:
    """Leave one more mark for *number* and return how many there are."""
    marks.mkdir(exist_ok=True)
    with (marks / str(number)).open("ab", buffering=0) as file:
        file.write(b".")
        return file.tell()


def attempts(marks: Path) -> list[int]:
    """Return how often each number was tried, in the order of the numbers."""
    files = sorted(marks.iterdir(), key=lambda file: int(file.name))
    return [file.stat().st_size for file in files]
