"""The fault drills of Modin on Dask, one after another on one cluster of separate processes; prints one JSON object."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import modin.config
import modin.pandas as pd
import pandas
from dask.distributed import Client, Future, wait
from modin.core.execution.dask.implementations.pandas_on_dask.partitioning.partition import (
    PandasOnDaskDataframePartition,
)
from modin.distributed.dataframe.pandas import unwrap_partitions
from modin.utils import execute

from examples.modin.exceed_memory import grow
from examples.modin.start_cluster import cluster
from examples.modin.survive_killed_worker import count, read_wall

ROWS, FATAL = 4_000, 10
WAITING = "still waiting"


def set_on_scheduler(allowed_failures: int, dask_scheduler=None) -> None:
    """Set ``distributed.scheduler.allowed-failures`` and a short time to connect in a scheduler that runs."""
    import dask

    dask_scheduler.allowed_failures = allowed_failures
    dask.config.set({"distributed.comm.timeouts.connect": "3s"})


def kill_holders(client: Client, future: Future) -> None:
    """Kill the worker that holds *future*, and whichever has a copy; wait until others have taken their place."""
    addresses = client.who_has(future)[future.key]
    for address, process in client.run(os.getpid, workers=list(addresses)).items():
        os.kill(process, signal.SIGKILL)
        while address in client.scheduler_info(n_workers=-1)["workers"]:
            time.sleep(0.02)
    client.wait_for_workers(2)


def main(folder: Path) -> None:
    """Run the drills with their files in *folder*."""
    table = pandas.DataFrame({"row": [float(number) for number in range(ROWS)]})
    path = str(folder / "rows.parquet")
    table.to_parquet(path, row_group_size=ROWS // 2, index=False)
    right = float(table["row"].sum())
    found = {}

    def outcome(work: Callable[[], float]) -> str:
        try:
            return "right" if work() == right else "wrong"
        except Exception as error:
            print(type(error).__name__, error, file=sys.stderr)
            return type(error).__name__

    def within(seconds: float, work: Callable[[], float]) -> str:
        """Return the outcome, or that there was none in time: the call then waits on in its thread."""
        seen = []
        waiting = threading.Thread(target=lambda: seen.append(outcome(work)), daemon=True)
        waiting.start()
        waiting.join(seconds)
        return seen[0] if seen else WAITING

    def drill(name: str, work: Callable[[Path], float]) -> None:
        began = time.time()
        seen = outcome(lambda: work(folder / name))
        found[name] = {"outcome": seen, "effects": count(folder / name, FATAL)}
        print(name, found[name], f"{time.time() - began:.1f} s", file=sys.stderr, flush=True)

    def applied(frame, marks: Path, deaths: int):
        return frame["row"].apply(lambda row: read_wall(row, marks, FATAL, deaths))

    def from_file():
        return pd.read_parquet(path)

    def killed_while_it_applies(marks: Path) -> float:
        held = applied(from_file(), marks, 1)
        execute(
            held
        )  # without it the next call meets the dying worker: an error, or a wait without end in Client.scatter
        return float(held.sum())

    def hold_then_lose(frame, marks: Path) -> float:
        held = applied(frame, marks, 0)
        (partition,) = unwrap_partitions(held)[0]
        wait(partition)
        kill_holders(client, partition)
        return float(held.sum())

    def lose_what_was_read(frame) -> float:
        (partition,) = unwrap_partitions(frame)[0]
        wait(partition)
        kill_holders(client, partition)
        return float(frame["row"].sum())

    def poison(marks: Path) -> float:
        held = applied(from_file(), marks, 99)
        execute(held)
        return float(held.sum())

    def outgrow(marks: Path) -> float:
        held = from_file()["row"].apply(lambda row: grow(row, marks, FATAL, 1000))
        execute(held)
        return float(held.sum())

    def slice_after_loss(marks: Path) -> float:
        first = float(from_file()["row"].iloc[FATAL])
        kill_holders(client, PandasOnDaskDataframePartition._iloc_func)
        return right - first + float(from_file()["row"].iloc[FATAL])

    def without_scheduler(marks: Path) -> float:
        frame = from_file()
        execute(frame)
        print("killing the scheduler", file=sys.stderr, flush=True)
        processes[0].kill()
        seen = within(8, lambda: float(applied(frame, marks, 0).sum()))
        raise TimeoutError if seen == WAITING else RuntimeError(seen)

    with cluster(folder, memory="1GB") as (address, processes), Client(address, timeout=120) as client:
        modin.config.Engine.put("Dask")
        client.run_on_scheduler(set_on_scheduler, 3)
        drill("first-row", lambda marks: float(applied(from_file(), marks, 0).sum()))
        found["first-row"]["effects"] = count(folder / "first-row", 0)
        drill("worker-killed", killed_while_it_applies)
        client.wait_for_workers(2)
        drill("result-lost", lambda marks: hold_then_lose(from_file(), marks))
        drill("read-again", lambda marks: lose_what_was_read(from_file()))
        drill("poison", poison)
        client.wait_for_workers(2)
        client.run_on_scheduler(set_on_scheduler, 0)
        drill("poison-0", poison)
        client.wait_for_workers(2)
        drill("memory", outgrow)
        client.wait_for_workers(2)
        client.run_on_scheduler(set_on_scheduler, 3)
        PandasOnDaskDataframePartition._iloc_func = None  # whatever was lost before, stored anew
        drill("slice", slice_after_loss)
        PandasOnDaskDataframePartition._iloc_func = None  # what the last drill lost, stored anew
        drill("scheduler-killed", without_scheduler)
    print(json.dumps(found), flush=True)
    os._exit(0)  # the call without a scheduler still waits


if __name__ == "__main__":
    main(Path(sys.argv[1]))
