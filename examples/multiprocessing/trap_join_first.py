"""Trap: joining a process before reading what it has put into a queue."""

from __future__ import annotations

import multiprocessing


# region join
def report(results: multiprocessing.Queue) -> None:
    """Put more into the queue than its pipe holds."""
    results.put(bytes(1_000_000))


def join_first() -> tuple[bool, int, int]:
    """Return whether the child is stuck at the join, the size of its report, and its exit code."""
    results = multiprocessing.Queue()
    child = multiprocessing.Process(target=report, args=(results,))
    child.start()
    child.join(timeout=1)  # without the timeout, this line never returns
    stuck = child.is_alive()
    size = len(results.get())
    child.join()
    return stuck, size, child.exitcode


# endregion join
