"""A worker dies in the middle of a task: Dask runs the task again elsewhere, until it blames the task."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from examples.workload.inspection import Batch, Summary, summarise


# region kill
def killed_once(batch: Batch, marks: Path) -> Summary:
    """Summarise *batch*, but kill the worker the first time."""
    first = not marks.exists()
    _mark(marks)
    if first:
        os.kill(os.getpid(), signal.SIGKILL)
    return summarise(batch)


def always_killed(marks: Path) -> None:
    """Kill every worker that tries, as a segmentation fault would."""
    _mark(marks)
    os.kill(os.getpid(), signal.SIGKILL)


# endregion kill


def _mark(marks: Path) -> None:
    with marks.open("ab", buffering=0) as file:
        file.write(b".")
