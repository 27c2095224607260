"""Run other programs, some at a time, each with a time limit and killed when that is over."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE

from examples.asyncio.bound_tasks import map_bounded


# region run
async def run(command: list[str], seconds: float = 60.0) -> str:
    """Return what *command* prints.  Kills it after *seconds* with :class:`TimeoutError`."""
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE)
    try:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate()  # wait() deadlocks when the pipe is full
            return output.decode()
    finally:
        if process.returncode is None:  # late, or this task was canceled
            process.kill()
            await process.wait()


async def run_all(commands: list[list[str]], at_once: int) -> list[str]:
    """Run the commands, *at_once* at a time, and return their output in order."""
    return await map_bounded(run, commands, at_once)


# endregion run
