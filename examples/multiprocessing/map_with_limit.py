"""Give every item of a job its own process and time limit, a few at a time, and keep what became of each."""

from __future__ import annotations

import os
import signal
import time

# region map
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from examples.multiprocessing.call_with_limit import call_with_limit


def outcome(function: Callable[[Any], Any], seconds: float, item: Any) -> Any:
    """Return the result for *item*, or the exception in its place."""
    try:
        return call_with_limit(seconds, function, item)
    except Exception as error:
        return error


def map_with_limit(function: Callable[[Any], Any], items: Iterable[Any], seconds: float, workers: int) -> list[Any]:
    """Return results and exceptions in the order of *items*, computed by at most *workers* processes at a time."""
    with ThreadPoolExecutor(workers) as threads:  # each thread only waits for a process
        return list(threads.map(partial(outcome, function, seconds), items))


# endregion map
def convert(stem: str) -> str:
    """Stand for a converter that hangs on one file and crashes on another."""
    if stem == "case2":
        time.sleep(60)
    if stem == "case3":
        os.kill(os.getpid(), signal.SIGKILL)
    return f"{stem}.zip"
