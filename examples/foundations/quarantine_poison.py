"""Finish all the work that can be finished when one task kills every worker that touches it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def measure_wall(name: str) -> int:
    """Return the length of *name*; kill the worker for the name ``"poison"``, as a crash in compiled code would."""
    if name == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    return len(name)


# region quarantine
def run_all(
    function: Callable[[str], int], items: Sequence[str], attempts: int = 2
) -> tuple[dict[str, int], list[str]]:
    """Return the result of each item, and the items that killed their worker at each of *attempts* attempts.

    A pool that breaks fails all its futures, so every unfinished item is a suspect.  Suspects then run one by one,
    each with a worker to itself: who dies alone is guilty.
    """
    results: dict[str, int] = {}
    suspects = _run_together(function, items, results)
    quarantine = []
    for item in suspects:
        if not any(not _run_together(function, [item], results, workers=1) for _ in range(attempts)):
            quarantine.append(item)
    return results, quarantine


def _run_together(function: Callable, items: Sequence[str], results: dict, workers: int = 2) -> list[str]:
    """Put results of *items* into *results* and return the items that were lost with the pool."""
    lost = []
    futures: dict[str, Future] = {}
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for item in items:
            try:
                futures[item] = pool.submit(function, item)
            except BrokenProcessPool:
                lost.append(item)
        for item, future in futures.items():
            try:
                results[item] = future.result()
            except BrokenProcessPool:
                lost.append(item)
    return lost


# endregion quarantine
