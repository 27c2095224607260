"""Prove that calls wait at the same time, without a clock: each waits until all the others have arrived."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


# region threads
def meet_in_threads(calls: int, threads: int, patience: float = 30.0) -> int:
    """Return how many of *calls* met all the others while *threads* threads carried them.

    With fewer threads than calls they can never meet: those that arrived give up after *patience* seconds.
    """
    barrier = threading.Barrier(calls)

    def call() -> bool:
        try:
            barrier.wait(patience)
        except threading.BrokenBarrierError:
            return False
        return True

    with ThreadPoolExecutor(threads) as pool:
        return sum(future.result() for future in [pool.submit(call) for _ in range(calls)])


# endregion threads


# region coroutines
async def meet_in_coroutines(calls: int) -> tuple[int, int]:
    """Return how many of *calls* met all the others, and in how many threads they waited."""
    barrier = asyncio.Barrier(calls)
    threads = set()

    async def call() -> bool:
        threads.add(threading.get_ident())
        await barrier.wait()
        return True

    async with asyncio.timeout(30):
        met = sum(await asyncio.gather(*(call() for _ in range(calls))))
    return met, len(threads)


# endregion coroutines
