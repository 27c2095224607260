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
    """Keep *results* results on a worker limited to 100 MB; return where they lie, and whether all came back."""
    # Only the target threshold stays on: the others watch the process, whose size differs between machines.
    others = {f"distributed.worker.memory.{name}": False for name in ("spill", "pause", "terminate")}
    with (
        dask.config.set(others),
        LocalCluster(n_workers=1, threads_per_worker=1, memory_limit="100MB", dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        futures = client.map(bytes, [megabytes * MEGABYTE] * results, pure=False)
        wait(futures)
        (where,) = client.run(held).values()
        sizes = client.gather(client.map(len, futures))
        return where, sizes == [megabytes * MEGABYTE] * results


# endregion spill
