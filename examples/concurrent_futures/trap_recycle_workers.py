"""Trap: ``max_tasks_per_child`` can leave a pool without workers while tasks wait (until repairs of July 2026).

Run as a script; it ends without waiting for the pool, which would never come.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, wait

# region trap
if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    submitted = spawn.Event()  # no worker begins before all tasks wait
    pool = ProcessPoolExecutor(1, spawn, initializer=submitted.wait, max_tasks_per_child=2)
    futures = [pool.submit(abs, number) for number in range(10)]
    submitted.set()
    print(futures[0].result(), futures[1].result())
    done, waiting = wait(futures, timeout=3)
    print(f"done {len(done)}, waiting {len(waiting)}", flush=True)
    os._exit(0)
# endregion trap
