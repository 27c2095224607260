"""Run items on any ``concurrent.futures`` executor: results in input order, every error kept beside its item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from typing import Any


# region run
def run_items(executor: Executor, function: Callable[[Any], Any], items: Iterable[Any]) -> list[tuple[Any, str | None]]:
    """Return ``(result, None)`` or ``(None, error)`` for each item, in the order of *items*."""
    futures = [executor.submit(function, item) for item in items]
    return [outcome(future) for future in futures]


def outcome(future: Future) -> tuple[Any, str | None]:
    """Wait for one item; an exception becomes its text, never a silent ``None``."""
    error = future.exception()
    return (future.result(), None) if error is None else (None, f"{type(error).__name__}: {error}")


# endregion run
