"""A task group ends all its tasks when one fails, and raises every failure in one exception group."""

from __future__ import annotations

import asyncio


# region tasks
async def write_report(log: list[str]) -> None:
    """Write slowly; say what happened."""
    try:
        await asyncio.sleep(30)
        log.append("report written")
    except asyncio.CancelledError:
        log.append("report abandoned")
        raise


async def read_gauge(name: str) -> float:
    """Fail, as gauges do."""
    raise ValueError(f"no reading from {name}")


async def inspect(log: list[str]) -> None:
    """Write the report beside two gauges that fail."""
    async with asyncio.TaskGroup() as group:
        group.create_task(write_report(log))
        group.create_task(read_gauge("north"))
        group.create_task(read_gauge("south"))


# endregion tasks
