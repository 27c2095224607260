"""Eager tasks (Python 3.12) run at once, up to where they first wait; that changes the order of things."""

from __future__ import annotations

import asyncio


# region eager
async def order(eager: bool) -> list[str]:
    """Return what came first: the body of the task, or the line after its making."""
    log: list[str] = []

    async def answer_from_cache() -> None:
        log.append("task ran")

    if eager:
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(answer_from_cache())
    log.append("task made")
    await task
    return log


# endregion eager
