"""Say where each task waits: its coroutines from the outermost to the one that is suspended."""

from __future__ import annotations

import asyncio
from typing import Any


# region show
def waiting(task: asyncio.Task[Any]) -> list[str]:
    """Return the names of the coroutines of *task*, the one that waits last."""
    names, awaited = [], task.get_coro()
    while asyncio.iscoroutine(awaited):
        names.append(awaited.__qualname__)
        awaited = awaited.cr_await
    return names


# endregion show


async def read_page() -> None:
    """Wait for something that takes long."""
    await asyncio.sleep(30)


async def crawl() -> None:
    """Wait for a page."""
    await read_page()


async def main() -> dict[str, list[str]]:
    """Return where the task of :func:`crawl` waits, by the names of the tasks."""
    task = asyncio.create_task(crawl(), name="crawler")
    await asyncio.sleep(0)
    found = {task.get_name(): waiting(task)}
    task.cancel()
    return found
