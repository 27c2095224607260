"""Trap: a semaphore inside the tasks bounds what runs, and not what exists."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from examples.asyncio.bound_tasks import map_bounded


async def count_tasks(_: int) -> int:
    """Return how many tasks the loop holds, after a turn in which others can start."""
    await asyncio.sleep(0)
    return len(asyncio.all_tasks())


# region mistake
async def limit_inside(numbers: Iterable[int], at_once: int) -> list[int]:
    """Make a task for every number; all but *at_once* of them wait for a permit."""
    permits = asyncio.Semaphore(at_once)

    async def work(number: int) -> int:
        async with permits:
            return await count_tasks(number)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(number)) for number in numbers]
    return [task.result() for task in tasks]


# endregion mistake


# region fix
async def limit_outside(numbers: Iterable[int], at_once: int) -> list[int]:
    """Make *at_once* tasks, which take the numbers as they become free."""
    return await map_bounded(count_tasks, numbers, at_once)


# endregion fix
