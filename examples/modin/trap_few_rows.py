"""Trap: fewer rows than the smallest partition are one partition, and one worker does all the work."""

from __future__ import annotations

import os
import time

import modin.pandas as pd


# region few
def inspect_here(number: int) -> int:
    """Stand for minutes of work on batch *number*; return the process that did it."""
    time.sleep(0.05)
    return os.getpid()


def processes(batches: int) -> int:
    """Return how many processes share the work on *batches* batches."""
    return int(pd.Series(range(batches)).apply(inspect_here).nunique())


# endregion few
