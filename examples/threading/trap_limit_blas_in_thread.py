"""Trap: a limit on BLAS threads that one thread sets is the limit of all, and restoring it can leave the wrong one."""

from __future__ import annotations

import threading

import numpy  # noqa: F401 - loads the BLAS that is counted
from threadpoolctl import threadpool_info, threadpool_limits


# region count
def blas_threads() -> int:
    """Return how many threads the BLAS of this process may start for one call."""
    return max(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")


# endregion count


# region mistake
def compute(entered: threading.Event, leave: threading.Event, seen: list[int]) -> None:
    """Work with one BLAS thread; note the limit that holds at the end of the work."""
    with threadpool_limits(1, user_api="blas"):
        entered.set()
        leave.wait(timeout=60)
        seen.append(blas_threads())


# endregion mistake


def overlap_two() -> list[int]:
    """Return the limits that two overlapping calls of :func:`compute` see at their ends, the first to enter first."""
    seen: list[int] = []
    events = [(threading.Event(), threading.Event()) for _ in range(2)]
    threads = [threading.Thread(target=compute, args=(*pair, seen)) for pair in events]
    for thread, (entered, _) in zip(threads, events, strict=True):
        thread.start()
        entered.wait(timeout=60)
    for thread, (_, leave) in zip(threads, events, strict=True):
        leave.set()
        thread.join()
    return seen
