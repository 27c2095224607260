"""Keep what succeeded and what failed, where one failure is no reason to stop the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


# region attempt
async def attempt(
    function: Callable[[Item], Awaitable[Result]], item: Item
) -> tuple[Item, Result | None, Exception | None]:
    """Return *item* with its result or its exception; a request to stop goes through."""
    try:
        return item, await function(item), None
    except Exception as error:  # CancelledError is no Exception, so it is not caught here
        return item, None, error


async def attempt_all(
    function: Callable[[Item], Awaitable[Result]], items: Iterable[Item]
) -> list[tuple[Item, Result | None, Exception | None]]:
    """Return the outcomes in the order of the items."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(attempt(function, item)) for item in items]
    return [task.result() for task in tasks]


# endregion attempt
