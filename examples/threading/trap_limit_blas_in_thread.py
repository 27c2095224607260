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


def overlap_two(before: int) -> tuple[list[int], int]:
    """Let two calls of :func:`compute` overlap, the first to enter being the first to leave.

    Return the limits that they see at their ends, and the limit of the process afterwards, which was *before* at first.
    """
    found = blas_threads()
    set_from_a_thread(before)
    seen: list[int] = []
    events = [(threading.Event(), threading.Event()) for _ in range(2)]
    threads = [threading.Thread(target=compute, args=(*pair, seen)) for pair in events]
    for thread, (entered, _) in zip(threads, events, strict=True):
        thread.start()
        entered.wait(timeout=60)
    for thread, (_, leave) in zip(threads, events, strict=True):
        leave.set()
        thread.join()
    kept = blas_threads()
    set_from_a_thread(found)
    return seen, kept


def set_from_a_thread(count: int) -> None:
    """Set the limit for good, from a thread that ends: threadpoolctl 3.8 ignores all but the thread that limits."""
    thread = threading.Thread(target=threadpool_limits, args=(count, "blas"))
    thread.start()
    thread.join()
