"""Results that do not fit under the target threshold move to disk, and come back when they are asked for."""

from __future__ import annotations

import dask
from distributed import Client, LocalCluster, Worker, wait

MEGABYTE = 10**6


# region spill
def held(dask_worker: Worker) -> tuple[int, int]:
    """Return how many results this worker holds in memory and on disk."""
    return len(dask_worker.data.fast), len(dask_worker.data.slow)


def spill(results: int = 10, megabytes: int = 11) -> tuple[tuple[int, int], bool]:
    """Return where results lie, in memory and on disk, and whether all came back."""
    # Only the target threshold stays on: the others watch the process, whose
    # size differs between machines.
    memory = "distributed.worker.memory"
    off = {f"{memory}.{name}": False for name in ("spill", "pause", "terminate")}
    one_worker = {"n_workers": 1, "threads_per_worker": 1, "memory_limit": "100MB"}
    with (
        dask.config.set(off),
        LocalCluster(**one_worker, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        futures = client.map(bytes, [megabytes * MEGABYTE] * results, pure=False)
        wait(futures)
        (where,) = client.run(held).values()
        sizes = client.gather(client.map(len, futures))
        return where, sizes == [megabytes * MEGABYTE] * results


# endregion spill
