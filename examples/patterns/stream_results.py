"""Yield results in the order of the items while later items are still being computed, and read no further ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


# region stream
def map_in_order(
    executor: Executor, function: Callable[[Item], Result], items: Iterable[Item], window: int
) -> Iterator[Result]:
    """Yield the results in the order of *items*, reading at most *window* items ahead of what was yielded.

    The first exception of a task ends the stream, as with the built-in ``map``.  When the stream ends early, tasks
    that have not begun are canceled.
    """
    if window < 1:
        raise ValueError(f"window must be at least 1, not {window}")
    source = iter(items)
    waiting: deque[Future[Result]] = deque()
    try:
        for item in islice(source, window):
            waiting.append(executor.submit(function, item))
        while waiting:
            waiting[0].result()  # waits, or raises; a future that an interrupt left unfinished is canceled below
            # Before the result is handed out, so that the workers are busy while the caller is.
            for item in islice(source, 1):
                waiting.append(executor.submit(function, item))
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


# endregion stream


class Counted:
    """An iterable of numbers that counts how many were read."""

    def __init__(self, count: int) -> None:
        self.numbers = iter(range(count))
        self.read = 0

    def __iter__(self) -> Counted:
        return self

    def __next__(self) -> int:
        number = next(self.numbers)
        self.read += 1
        return number


def negate(number: int) -> int:
    """A task of no weight, for the example."""
    return -number
