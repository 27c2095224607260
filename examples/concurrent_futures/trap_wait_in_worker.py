"""Trap: a task that waits for another task of its own pool can wait forever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor


# region trap
def summarize_report(pool: ThreadPoolExecutor, pages: list[str], patience: float | None = None) -> int:
    """Task: hand each page to the same pool and wait for all of them."""
    futures = [pool.submit(len, page) for page in pages]
    return sum(future.result(timeout=patience) for future in futures)


# endregion trap
