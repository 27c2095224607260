"""``ray.get`` inside the submitting loop waits for each task before the next one exists."""

import time

import ray

Interval = tuple[float, float]


# region loop
@ray.remote
def wait(seconds: float) -> Interval:
    """Sleep, and return when this began and ended."""
    began = time.monotonic()
    time.sleep(seconds)
    return began, time.monotonic()


def get_in_loop(tasks: int, seconds: float) -> list[Interval]:
    """The trap: each turn of the loop waits for the task that it has just submitted."""
    return [ray.get(wait.remote(seconds)) for _ in range(tasks)]


def submit_then_get(tasks: int, seconds: float) -> list[Interval]:
    """The remedy: submit all, then wait once."""
    return ray.get([wait.remote(seconds) for _ in range(tasks)])


# endregion loop


def most_at_once(intervals: list[Interval]) -> int:
    """Return how many of the intervals overlapped at the busiest moment.

    The clock is the machine's own monotonic one, which its processes share.
    """
    return max(sum(begin <= moment < end for begin, end in intervals) for moment, _ in intervals)
