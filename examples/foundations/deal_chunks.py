"""Granularity: when the last worker is done, for chunks of any size.

Nothing runs here and nothing is timed: the lengths of the tasks and the cost of sending are given, so that everyone
gets the same answer.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence


# region deal
def chunked(durations: Sequence[float], size: int) -> list[float]:
    """Return how long each chunk of *size* neighboring tasks takes."""
    return [sum(durations[start : start + size]) for start in range(0, len(durations), size)]


def finish_time(chunks: Iterable[float], workers: int, cost: float = 0.0) -> float:
    """Return when the last chunk is done: each goes to the worker that is free first and costs *cost* to send."""
    free = [0.0] * workers
    for work in chunks:
        heapq.heapreplace(free, free[0] + cost + work)
    return max(free)


# endregion deal
