"""Connect a fast producer and a slow consumer by a queue that makes the producer wait."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable


# region queue
async def produce(pages: asyncio.Queue, numbers: Iterable[int], seen: list[int]) -> None:
    """Put every number into the queue, then the sign that there are no more."""
    for number in numbers:
        await pages.put(number)  # waits while the queue is full
        seen.append(pages.qsize())
    await pages.put(None)


async def consume(pages: asyncio.Queue[int | None]) -> int:
    """Return the sum of what came through the queue."""
    total = 0
    while (number := await pages.get()) is not None:
        await asyncio.sleep(0.001)  # slower than the producer
        total += number
    return total


async def run(numbers: Iterable[int], places: int) -> tuple[int, int]:
    """Return the sum, and how many numbers waited at most."""
    pages: asyncio.Queue[int | None] = asyncio.Queue(maxsize=places)
    seen: list[int] = []
    async with asyncio.TaskGroup() as group:
        group.create_task(produce(pages, numbers, seen))
        total = group.create_task(consume(pages))
    return total.result(), max(seen)


# endregion queue
