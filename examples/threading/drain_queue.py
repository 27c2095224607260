"""End the workers of a queue with ``Queue.shutdown``, from Python 3.13."""

from __future__ import annotations

import queue
import threading


# region drain
def drain(numbers: queue.Queue, done: list[int]) -> None:
    """Take numbers until the queue is shut down and empty."""
    while True:
        try:
            done.append(numbers.get())
        except queue.ShutDown:
            return


def take_all(count: int, threads: int) -> list[int]:
    """Return the numbers below *count* as the threads took them, in order of size."""
    numbers, done = queue.Queue(maxsize=2), []
    workers = [threading.Thread(target=drain, args=(numbers, done)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for number in range(count):
        numbers.put(number)
    numbers.shutdown()  # one call, however many workers there are
    for worker in workers:
        worker.join()
    return sorted(done)


# endregion drain
