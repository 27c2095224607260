"""Trap: a task that starts a pool of its own."""

from __future__ import annotations

import multiprocessing


# region inner
def inspect_both_sides() -> list[int]:
    """Use two processes, wherever this runs."""
    with multiprocessing.Pool(2) as pool:
        return pool.map(abs, [-1, 1])


# endregion inner
