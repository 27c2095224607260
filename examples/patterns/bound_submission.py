"""Submit a task when a result was taken: memory holds a fixed number of tasks, however many items there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


# region bounded
def map_bounded(
    executor: Executor, function: Callable[[Item], Result], items: Iterable[Item], limit: int
) -> Iterator[tuple[Item, Future[Result]]]:
    """Yield each item with its finished future, in the order of completion.

    At most *limit* tasks are queued, running, or done and not yet taken.  *items* is read one by one, as results are
    taken.  When the caller stops early, tasks that have not begun are canceled.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    source = iter(items)
    pending: dict[Future[Result], Item] = {}
    try:
        for item in islice(source, limit):
            pending[executor.submit(function, item)] = item
        while pending:
            done = wait(pending, return_when=FIRST_COMPLETED).done
            while done:
                future = done.pop()  # taken out, so that no result that was handed over is kept
                yield pending.pop(future), future
                for item in islice(source, 1):
                    pending[executor.submit(function, item)] = item
    finally:
        for future in pending:
            future.cancel()


# endregion bounded
