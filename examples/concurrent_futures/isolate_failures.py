"""Find the task that breaks the pool, and give the others their results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any


# region isolate
def run_isolated(function: Callable[[Any], Any], items: Iterable[Any], workers: int = 2) -> dict[Any, Any]:
    """Return the result or the exception of each item; what a broken pool left undone runs again, each alone.

    A task may run twice, so it must bear that.
    """
    outcomes = _run(function, items, workers)
    suspects = [item for item, outcome in outcomes.items() if isinstance(outcome, BrokenProcessPool)]
    for item in suspects:
        outcomes |= _run(function, [item], 1)  # a new pool: a broken one takes no more tasks
    return outcomes


def _run(function: Callable[[Any], Any], items: Iterable[Any], workers: int) -> dict[Any, Any]:
    with ProcessPoolExecutor(workers) as pool:
        futures = {item: _submit(pool, function, item) for item in items}
        return {item: future.exception() or future.result() for item, future in futures.items()}


def _submit(pool: ProcessPoolExecutor, function: Callable[[Any], Any], item: Any) -> Future:
    try:
        return pool.submit(function, item)
    except BrokenProcessPool as error:  # it broke while we were still submitting
        future: Future = Future()
        future.set_exception(error)
        return future


# endregion isolate
