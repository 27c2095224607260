"""Trap: canceling a task that waits for a thread cancels the waiting; the thread runs on, and the program waits."""

from __future__ import annotations

import asyncio
import threading


# region mistake
async def give_up(release: threading.Event, log: list[str]) -> None:
    """Stop waiting for a thread, and say who is at work after that."""
    working = threading.Event()

    def work() -> None:
        working.set()
        release.wait(30)
        log.append("thread done")

    task = asyncio.create_task(asyncio.to_thread(work))
    await asyncio.to_thread(working.wait, 30)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        log.append("task canceled")
    release.set()  # without this, asyncio.run below would wait for the thread


# endregion mistake
