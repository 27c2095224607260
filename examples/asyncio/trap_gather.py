"""Trap: ``gather`` reports the first failure and leaves the other tasks running, or hides failures among results."""

from __future__ import annotations

import asyncio


async def read_gauge(log: list[str]) -> None:
    log.append("reading failed")
    raise ValueError("no reading")


async def write_report(log: list[str]) -> None:
    await asyncio.sleep(0.02)
    log.append("report written")


# region mistake
async def gather_both(log: list[str]) -> None:
    """Go on after a failure while the other task still writes."""
    try:
        await asyncio.gather(read_gauge(log), write_report(log))
    except ValueError:
        log.append("failure handled")
    await asyncio.sleep(0.5)  # the program goes on


# endregion mistake


# region fix
async def group_both(log: list[str]) -> None:
    """Handle a failure when no task of the group runs any more."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(read_gauge(log))
            group.create_task(write_report(log))
    except* ValueError:
        log.append("failure handled")
    await asyncio.sleep(0.5)


# endregion fix


# region hidden
async def sizes(numbers: list[int]) -> list[float | BaseException]:
    """Return quotients, and exceptions where there are none."""

    async def divide(number: int) -> float:
        return 1 / number

    return await asyncio.gather(*map(divide, numbers), return_exceptions=True)


# endregion hidden
