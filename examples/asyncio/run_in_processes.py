"""Compute in processes while the loop goes on: the CPU shape of the shared job behind ``run_in_executor``."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from examples.workload.inspection import Summary, inspect_batch


# region processes
async def inspect_all(numbers: range, workers: int = 2) -> list[Summary]:
    """Return the summaries in order, from processes that were not forked out of a loop."""
    loop = asyncio.get_running_loop()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        calls = [loop.run_in_executor(pool, inspect_batch, number) for number in numbers]
        return await asyncio.gather(*calls)


# endregion processes
