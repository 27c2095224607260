"""Tasks that fail on purpose and leave a mark in a file each time they are tried."""

import os
import signal
from pathlib import Path

import ray


def _mark(log: Path) -> int:
    with log.open("a") as file:
        file.write("x")
    return len(log.read_text())


# region failures
@ray.remote
def refuse(log: Path, batch: int) -> None:
    """Raise, as application code does when its input is wrong."""
    _mark(log)
    raise ValueError(f"batch {batch} has no readings")


@ray.remote
def die(log: Path, times: int) -> str:
    """Kill the worker process, as the kernel does when memory is short, *times* times."""
    if _mark(log) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


# endregion failures


def attempts(log: Path) -> int:
    """Return how often a task was tried, and forget it."""
    count = len(log.read_text())
    log.unlink()
    return count
