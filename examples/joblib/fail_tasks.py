"""Tasks that fail in the ways that a chapter on failure needs."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def reciprocal(number: float) -> float:
    """Return ``1 / number``."""
    return 1 / number


def die_on(victim: int, number: int) -> int:
    """Return *number*, but kill this process as the kernel does when memory runs out if it is *victim*."""
    if number == victim:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


# region flight
def write_slowly(report: Path) -> None:
    """Say that the work has begun, work for a second, then write *report*."""
    report.with_suffix(".begun").touch()
    time.sleep(1)
    report.write_text("done\n")


def fail_meanwhile(report: Path) -> None:
    """Raise as soon as the work on *report* has begun."""
    while not report.with_suffix(".begun").exists():
        time.sleep(0.01)
    raise ValueError("bad reading")


# endregion flight
