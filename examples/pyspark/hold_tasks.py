"""Tasks that leave a mark and wait, so that a process can be killed while they run."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from pyspark import SparkContext

from examples.pyspark.count_attempts import mark


# region hold
def hold_tasks(context: SparkContext, folder: Path) -> None:
    """Run four tasks that wait for the file `gate`."""
    context.parallelize(range(4), 4).foreach(partial(hold, folder=folder))


def hold(number: int, folder: Path) -> None:
    """Leave a mark, and wait."""
    mark(folder / "marks", number)
    while not (folder / "gate").exists():
        time.sleep(0.02)


# endregion hold
