"""Give tasks on threads a common time, then ask them to stop; a task answers between two steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

Result = TypeVar("Result")


# region stop
def run_for(seconds: float, tasks: Sequence[Callable[[Event], Result]], workers: int) -> list[Result | None]:
    """Return what each task returned when its time was up, and None for those that had not begun.

    Each task receives an event and returns soon after it is set.
    """
    stop = Event()
    with ThreadPoolExecutor(workers) as pool:
        try:
            futures = [pool.submit(task, stop) for task in tasks]
            wait(futures, seconds)
        finally:  # also on Ctrl-C, which would otherwise wait for every task
            pool.shutdown(wait=False, cancel_futures=True)  # first, or a thread that stops takes the next task
            stop.set()
    return [None if future.cancelled() else future.result() for future in futures]


def poll(stop: Event, pause: float = 0.01) -> int:
    """Poll something until *stop* is set; return how often."""
    count = 0
    while not stop.wait(pause):  # in place of time.sleep: it ends as soon as the event is set
        count += 1
    return count


# endregion stop
