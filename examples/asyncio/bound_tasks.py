"""Bound the tasks, not only the work: a few tasks take items from one iterator as they become free."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


# region bounded
async def map_bounded(
    function: Callable[[Item], Awaitable[Result]], items: Iterable[Item], at_once: int
) -> list[Result]:
    """Call *function* for each item, *at_once* at a time; results in the order of the items."""
    results: dict[int, Result] = {}
    numbered = enumerate(items)  # shared: a task that is free takes the next item

    async def work() -> None:
        for number, item in numbered:
            results[number] = await function(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())
    return [results[number] for number in range(len(results))]


# endregion bounded
