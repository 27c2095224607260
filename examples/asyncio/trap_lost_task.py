"""Trap: nobody keeps a task alive that waits for something only it knows; the garbage collector takes both."""

from __future__ import annotations

import asyncio
import gc
from typing import Any


async def listen(log: list[str]) -> None:
    messages: asyncio.Queue[str] = asyncio.Queue()  # a connection was meant to fill it, and is gone
    log.append("listening")
    log.append(await messages.get())


# region mistake
async def start_and_forget(log: list[str]) -> int:
    """Start a task, keep no reference, and return how many are left after a collection."""
    asyncio.create_task(listen(log))
    await asyncio.sleep(0)  # the task begins to wait
    gc.collect()
    return len(asyncio.all_tasks()) - 1  # without this one


# endregion mistake


# region fix
background: set[asyncio.Task[Any]] = set()


async def start_and_keep(log: list[str]) -> int:
    """Start a task, keep it until it is done, and return the same."""
    task = asyncio.create_task(listen(log))
    background.add(task)
    task.add_done_callback(background.discard)
    await asyncio.sleep(0)
    gc.collect()
    return len(asyncio.all_tasks()) - 1


# endregion fix


def watch(main: Any, log: list[str]) -> int:
    """Run ``main(log)``; what the loop complains of goes into *log*."""
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(lambda loop, context: log.append(context["message"]))
        return runner.run(main(log))
