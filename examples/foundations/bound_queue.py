"""Back-pressure: how far a fast producer runs ahead of a slow consumer, with and without a bound."""

from __future__ import annotations

import queue
import threading
import time


# region ahead
def run_ahead(items: int, limit: int = 0) -> int:
    """Return the most items that were made and not yet taken; *limit* is the length of the queue, 0 for none.

    The consumer is as slow as can be: it takes an item only when the producer cannot go on.
    """
    line: queue.Queue[int] = queue.Queue(limit)
    finished = threading.Event()
    taken = most = 0

    def produce() -> None:
        nonlocal most
        for made in range(1, items + 1):
            most = max(most, made - taken)
            line.put(made)  # waits while the queue is full
        finished.set()

    producer = threading.Thread(target=produce)
    producer.start()
    while taken < items:
        while not line.full() and not finished.is_set():
            time.sleep(0)
        taken += 1
        line.get()
    producer.join()
    return most


# endregion ahead
