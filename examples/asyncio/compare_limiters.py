"""See what rate limiters promise: when they let tasks in, in which order, and what they do while tasks wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import SimpleNamespace
from unittest import mock

import aiohttp

from examples.asyncio.jump_clock import JumpingLoop
from examples.asyncio.serve_pages import PageServer

Limiter = AbstractAsyncContextManager[None]
MakeLimiter = Callable[[], Limiter]


def on_jumping_clock(main: Callable[[], object], patience: float = 0.0) -> tuple[object, JumpingLoop]:
    """Run ``main()`` on a jumping clock, which ``asyncio_throttle`` is made to read too; return result and loop."""
    with asyncio.Runner(loop_factory=lambda: JumpingLoop(patience)) as runner:
        loop = runner.get_loop()
        clock = SimpleNamespace(monotonic=loop.time)
        with mock.patch("asyncio_throttle.throttler.time", clock):  # it asks the system, not the loop, for the time
            return runner.run(main()), loop


# region entries
def entries(make: MakeLimiter, tasks: int) -> tuple[list[float], int]:
    """Return when *tasks* that ask together are let in, and the timers set for that."""
    times: list[float] = []

    async def enter(limiter: Limiter) -> None:
        async with limiter:
            times.append(round(asyncio.get_running_loop().time(), 3))

    async def main() -> None:
        limiter = make()
        async with asyncio.TaskGroup() as group:
            for _ in range(tasks):
                group.create_task(enter(limiter))

    _, loop = on_jumping_clock(main)
    return times, loop.timers


# endregion entries


def order(make: MakeLimiter, delays: dict[str, float]) -> list[str]:
    """Return the names of *delays* in the order in which their tasks are let in; each asks after its delay."""
    names: list[str] = []

    async def enter(limiter: Limiter, name: str, delay: float) -> None:
        await asyncio.sleep(delay)
        async with limiter:
            names.append(name)

    async def main() -> None:
        limiter = make()
        async with asyncio.TaskGroup() as group:
            for name, delay in delays.items():
                group.create_task(enter(limiter, name, delay))

    on_jumping_clock(main)
    return names


# region request
async def request_pages(url: str, limiter: Limiter, pages: int) -> Counter[int]:
    """Ask for *pages* pages at once and return how often which status came back."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def request(number: int) -> int:
            async with limiter, session.get(f"{url}/page/{number}") as response:
                await response.read()
                return response.status

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(request(number)) for number in range(pages)]
    return Counter(task.result() for task in tasks)


# endregion request


def statuses(make: MakeLimiter, pages: int, allowed: int) -> dict[int, int]:
    """Return the answers of a real server that lets *allowed* requests in within any second, on a jumping clock."""

    async def main() -> Counter[int]:
        # A hair less than the second, so that rounding of the clock decides nothing.
        async with PageServer(limit=allowed, window=0.999) as server:
            return await request_pages(server.url, make(), pages)

    # Patience: what one end of a local connection wrote, the other can read within this time.
    found, _ = on_jumping_clock(main, patience=0.02)
    return dict(sorted(found.items()))
