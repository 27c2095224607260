"""Trap: leaving the ``with`` block of an executor waits for every task, also when an exception leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager


def fail() -> None:
    """Raise an error."""
    raise ValueError("bad reading")


# region trap
def count_after_failure(tasks: int) -> int:
    """Return how many tasks ran although the first one had failed and its exception ended the block."""
    ran: list[int] = []
    try:
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(fail)
            for number in range(tasks):
                pool.submit(ran.append, number)
            first.result()  # raises, and the block waits for all the others
    except ValueError:
        return len(ran)


# endregion trap


# region fix
@contextmanager
def canceling(pool: Executor) -> Iterator[Executor]:
    """Like ``with pool``, but an exception cancels what has not started."""
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    else:
        pool.shutdown(wait=True)


# endregion fix
