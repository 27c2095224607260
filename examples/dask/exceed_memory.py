"""A task that outgrows its worker's memory limit: the nanny kills the worker, and the client sees ``KilledWorker``."""

from __future__ import annotations

import time

import dask
from distributed import Client, LocalCluster


def grow(megabytes: int) -> int:
    """Hold *megabytes* MB for a while; the allocation itself succeeds."""
    block = bytearray(b"x") * (megabytes * 10**6)
    time.sleep(30)
    return len(block)


# region exceed
def exceed(limit: str = "400MB", megabytes: int = 600) -> BaseException:
    """Return what the client gets when a task outgrows its worker's limit."""
    one_worker = {"n_workers": 1, "threads_per_worker": 1, "memory_limit": limit}
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(**one_worker, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        return client.submit(grow, megabytes).exception(timeout=60)


# endregion exceed
