"""A task that Spark runs a second time although the first run goes on, where speculation is on."""

from __future__ import annotations

import time
from pathlib import Path

from examples.pyspark.count_attempts import attempts, mark


# region speculation
def slow_once(number: int, marks: Path, patience: float = 30) -> int:
    """Leave a mark; the first run of number 3 then waits for a second mark, or until its patience ends."""
    if mark(marks, number) == 1 and number == 3:
        deadline = time.monotonic() + patience
        while attempts(marks)[-1] == 1 and time.monotonic() < deadline:
            time.sleep(0.05)
    return number


# endregion speculation
