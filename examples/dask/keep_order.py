"""Run items on any ``concurrent.futures`` executor: results in input order, every error kept beside its item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from typing import Any

#: Result and error of one item: one of the two is ``None``.
Outcome = tuple[Any, str | None]


# region run
def run_items(executor: Executor, function: Callable, items: Iterable) -> list[Outcome]:
    """Return ``(result, None)`` or ``(None, error)`` for each item, in order."""
    futures = [executor.submit(function, item) for item in items]
    return [outcome(future) for future in futures]


def outcome(future: Future) -> Outcome:
    """Wait for one item; an exception becomes its text, not a silent ``None``."""
    error = future.exception()
    if error is None:
        return future.result(), None
    return None, f"{type(error).__name__}: {error}"


# endregion run
