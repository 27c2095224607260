"""The fault drills of Modin on Dask, one after another on one cluster of separate processes; prints one JSON object."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import modin.config
import modin.pandas as pd
import pandas
from dask.distributed import Client
from modin.distributed.dataframe.pandas import unwrap_partitions

from examples.modin.exceed_memory import grow
from examples.modin.start_cluster import cluster
from examples.modin.survive_killed_worker import count, read_wall

ROWS, FATAL = 4_000, 10


def kill_holder(client: Client, frame) -> None:
    """Kill the worker that holds the first partition of *frame*, and wait until another has taken its place."""
    partition = unwrap_partitions(frame)[0][0]
    (address,) = client.who_has(partition)[partition.key]
    os.kill(client.run(os.getpid, workers=[address])[address], signal.SIGKILL)
    while address in client.scheduler_info(n_workers=-1)["workers"]:
        time.sleep(0.02)


def set_allowed_failures(number: int, dask_scheduler=None) -> None:
    """Set ``distributed.scheduler.allowed-failures`` of a scheduler that runs."""
    dask_scheduler.allowed_failures = number


def outcome(work: Callable[[], float], right: float) -> str:
    """Return ``right``, ``wrong`` or the name of the exception."""
    began = time.time()
    try:
        found = "right" if work() == right else "wrong"
    except BaseException as error:
        import traceback; traceback.print_exc()
        found = type(error).__name__
    print(found, f"{time.time() - began:.1f} s", file=sys.stderr)
    return found


def main(folder: Path) -> None:
    """Run the drills with their files in *folder*."""
    table = pandas.DataFrame({"row": [float(number) for number in range(ROWS)]})
    path = str(folder / "rows.parquet")
    table.to_parquet(path, row_group_size=ROWS // 2, index=False)
    right = float(table["row"].sum())
    found = {}

    def drill(name: str, work: Callable[[Path], float]) -> None:
        marks = folder / name
        seen = outcome(lambda: work(marks), right)
        found[name] = {"outcome": seen, "effects": count(marks, FATAL)}

    def applied(frame, marks: Path, deaths: int):
        return frame["row"].apply(lambda row: read_wall(row, marks, FATAL, deaths))

    with cluster(folder, memory="1GB") as (address, processes), Client(address, timeout=10) as client:
        modin.config.Engine.put("Dask")

        def from_file():
            return pd.read_parquet(path)

        drill("worker-killed", lambda marks: float(applied(from_file(), marks, 1).sum()))
        client.wait_for_workers(2)

        def hold_then_lose(frame, marks: Path) -> float:
            held = applied(frame, marks, 0)
            held.sum()
            kill_holder(client, held.to_frame())
            client.wait_for_workers(2)
            return float(held.sum())

        drill("held-from-file", lambda marks: hold_then_lose(from_file(), marks))
        drill("held-from-memory", lambda marks: hold_then_lose(pd.DataFrame(table), marks))
        drill("poison", lambda marks: float(applied(from_file(), marks, 99).sum()))
        client.wait_for_workers(2)

        client.run_on_scheduler(set_allowed_failures, 0)
        drill("poison-0", lambda marks: float(applied(from_file(), marks, 99).sum()))
        client.wait_for_workers(2)
        drill(
            "memory",
            lambda marks: float(from_file()["row"].head(FATAL + 1).tail(1).apply(lambda row: grow(row, marks, 1000)).sum()),
        )
        client.wait_for_workers(2)

        frame = from_file()
        frame["row"].sum()

        def without_scheduler(marks: Path) -> float:
            processes[0].kill()
            return float(applied(frame, marks, 0).sum())

        drill("scheduler-killed", without_scheduler)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
