"""Trap: results collected with ``as_completed`` stand in the order in which tasks ended, not in that of the items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from typing import Any


# region trap
def collect_as_completed(
    pool: Executor, function: Callable[[Any], Any], items: Sequence[Any], report: Callable[[int], None]
) -> list[Any]:
    results = []
    for future in as_completed([pool.submit(function, item) for item in items]):
        results.append(future.result())
        report(len(results))
    return results


# endregion trap


# region fix
def collect_in_order(
    pool: Executor, function: Callable[[Any], Any], items: Sequence[Any], report: Callable[[int], None]
) -> list[Any]:
    positions = {pool.submit(function, item): position for position, item in enumerate(items)}
    results = [None] * len(items)
    for count, future in enumerate(as_completed(positions), start=1):
        results[positions[future]] = future.result()
        report(count)
    return results


# endregion fix
