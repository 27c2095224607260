"""End the workers of a process pool in the middle of their tasks, on every supported Python."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor


# region kill
def kill_workers(pool: ProcessPoolExecutor) -> None:
    """Kill the worker processes; tasks that ran end with ``BrokenProcessPool``, those that waited are canceled."""
    if hasattr(pool, "kill_workers"):  # Python 3.14
        pool.kill_workers()
        return
    workers = list((pool._processes or {}).values())  # private, and gone after shutdown
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.kill()


# endregion kill
