"""Trap: ``Executor.map`` reads all of its input, and starts a task for each item, before it returns."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import islice
from typing import Any


# region trap
def total(pool: Executor, function: Callable[[Any], float], items: Iterable[Any]) -> float:
    """Looks lazy, and holds a future for every item at once."""
    return sum(pool.map(function, items))


# endregion trap


# region fix
def map_buffered(pool: Executor, function: Callable, items: Iterable, buffersize: int) -> Iterator:
    """Yield ``function(item)`` in the order of *items*; at most *buffersize* are submitted and not finished with."""
    source = iter(items)
    pending = deque(pool.submit(function, item) for item in islice(source, buffersize))
    try:
        while pending:
            result = pending.popleft().result()
            pending.extend(pool.submit(function, item) for item in islice(source, 1))
            yield result
    finally:  # an exception, or a caller who wants no more
        for future in pending:
            future.cancel()


# endregion fix
