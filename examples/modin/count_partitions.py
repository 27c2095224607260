"""See how a frame is cut, and how many tasks an operation costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dask.distributed import Client, get_task_stream
from modin.distributed.dataframe.pandas import unwrap_partitions


# region grid
def grid(frame: Any) -> tuple[int, int]:
    """Return how many partitions a frame has along its rows and along its columns."""
    rows = unwrap_partitions(frame)
    return len(rows), len(rows[0])


def count_tasks(client: Client, work: Callable[[], Any]) -> int:
    """Return how many tasks the Dask workers run for *work*."""
    with get_task_stream(client) as stream:
        work()
    return len(stream.data)


# endregion grid
