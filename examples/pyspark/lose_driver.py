"""A whole program, to be killed: four tasks that leave a mark and wait for a file that never comes."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

from examples.pyspark.count_attempts import mark


# region program
def wait_for_ever(number: int, folder: Path) -> None:
    """Leave a mark, and wait."""
    mark(folder / "marks", number)
    while not (folder / "gate").exists():
        time.sleep(0.02)


def main(master: str, folder: str) -> None:
    """Run four tasks on the cluster."""
    from pyspark.sql import SparkSession

    context = SparkSession.builder.master(master).getOrCreate().sparkContext
    context.parallelize(range(4), 4).foreach(partial(wait_for_ever, folder=Path(folder)))


# endregion program

if __name__ == "__main__":
    main(*sys.argv[1:])
