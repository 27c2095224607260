"""Keep each item together with its result or its exception, whichever executor runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any


# region collect
@dataclass(frozen=True)
class Outcome:
    """What became of one item: a result, or an exception and no result."""

    item: Any
    result: Any = None
    error: BaseException | None = None


def collect(pool: Executor, function: Callable[[Any], Any], items: Iterable[Any]) -> list[Outcome]:
    """Return an outcome for each item, in the order of the items; no exception of a task ends the others."""
    calls = [(item, pool.submit(function, item)) for item in items]
    outcomes = []
    for item, future in calls:
        error = future.exception()  # waits
        outcomes.append(Outcome(item, error=error) if error else Outcome(item, future.result()))
    return outcomes


# endregion collect
