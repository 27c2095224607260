"""How long an action over one empty task takes where Python workers are reached through TCP or Unix domain sockets.

A process can have one Spark, and this setting is read when it starts: so each look is a Spark of its own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Actions that one look times, after as many that warm it up.
ACTIONS = 20


def time_actions(kind: str) -> float:
    """Return the median seconds of an action in a new local Spark whose workers sit behind *kind*: ``tcp`` or ``unix``.

    Raises :class:`subprocess.CalledProcessError` when that Spark fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "examples.pyspark.time_actions", kind, folder, str(ACTIONS)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": folder}
        run = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return float(run.stdout)


def main(kind: str, folder: str, actions: str) -> None:
    """Start Spark, run as many actions twice, print the median of the second time."""
    from examples.pyspark.write_settings import settings

    os.environ.update(settings(Path(folder, "spark")))
    from pyspark.sql import SparkSession

    # region sockets
    builder = SparkSession.builder.master("local[1]")
    spark = builder.config("spark.python.unix.domain.socket.enabled", kind == "unix").getOrCreate()
    # endregion sockets

    def act() -> float:
        began = time.perf_counter()
        assert spark.sparkContext.parallelize([20], 1).map(lambda number: number + 22).collect() == [42]
        return time.perf_counter() - began

    for _ in range(int(actions)):
        act()
    print(statistics.median(act() for _ in range(int(actions))))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
