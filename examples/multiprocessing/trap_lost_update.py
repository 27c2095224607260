"""Trap: adding to a shared value is two steps, and somebody else may come between them."""

from __future__ import annotations

# region add
import multiprocessing
from collections.abc import Callable
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier


def add_unlocked(counter: Synchronized, both_ready: Barrier) -> None:
    """Do what ``counter.value += 1`` does, with the pause that makes the race certain."""
    seen = counter.value
    both_ready.wait()
    counter.value = seen + 1


def add_locked(counter: Synchronized, both_ready: Barrier) -> None:
    """Read and write under the lock of the value."""
    both_ready.wait()
    with counter.get_lock():
        counter.value += 1


def count_in_two(add: Callable[[Synchronized, Barrier], None]) -> int:
    """Return the counter after two processes have added one each."""
    counter, both_ready = multiprocessing.Value("i", 0), multiprocessing.Barrier(2)
    processes = [multiprocessing.Process(target=add, args=(counter, both_ready)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return counter.value


# endregion add
