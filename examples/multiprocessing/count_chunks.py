"""Count the messages that a pool makes of a list of tasks: with one message a worker, each has a process of its own."""

from __future__ import annotations

import multiprocessing
import os


# region count
def process_id(item: object) -> int:
    """Return which process got this task."""
    return os.getpid()


def count_chunks(items: int, chunksize: int | None = None) -> int:
    """Return in how many chunks ``map`` deals out *items* tasks to two workers."""
    with multiprocessing.Pool(2, maxtasksperchild=1) as pool:
        return len(set(pool.map(process_id, range(items), chunksize)))


# endregion count
