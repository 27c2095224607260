"""Plain worker threads over a queue: calls go in, results come back in order, an exception reaches the caller."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from operator import itemgetter
from queue import Queue, SimpleQueue
from typing import Any


# region workers
class Workers:
    """Threads that take calls from one bounded queue until they take ``None``."""

    def __init__(self, count: int, waiting: int = 100) -> None:
        self.calls: Queue = Queue(maxsize=waiting)
        names = [f"worker-{number}" for number in range(count)]
        self.threads = [threading.Thread(target=self._work, name=name) for name in names]
        for thread in self.threads:
            thread.start()

    def run(self, function: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        """Return the results in the order of *items*, or raise its first exception, after all."""
        answers: SimpleQueue = SimpleQueue()
        count = 0
        for item in items:
            self.calls.put((function, item, count, answers))  # waits while the queue is full
            count += 1
        outcomes = sorted((answers.get() for _ in range(count)), key=itemgetter(0))
        for _, _, error in outcomes:
            if error is not None:
                raise error
        return [result for _, result, _ in outcomes]

    def stop(self) -> None:
        """Let every call that waits run, then end the threads."""
        for _ in self.threads:
            self.calls.put(None)
        for thread in self.threads:
            thread.join()

    def _work(self) -> None:
        while (call := self.calls.get()) is not None:
            function, item, place, answers = call
            try:
                answers.put((place, function(item), None))
            except BaseException as error:  # if it died here, its caller would wait for good
                answers.put((place, None, error))


# endregion workers
