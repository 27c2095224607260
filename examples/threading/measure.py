"""Adapter for the measuring harness: plain worker threads over a queue, as the chapter writes them.

The probes of its own say what the parts cost: a thread, a lock, a hop through a queue, the wait for the GIL; and how
much work threads do side by side, by whose code does it.
What the probes alone need is imported in them: the harness times the start of a fresh interpreter.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue, SimpleQueue
from typing import Any

#: Threads started and joined, turns of a lock and hops between two threads in one sample.
STARTS, TURNS, HOPS = 500, 100_000, 2_000
#: Times that a thread sleeps in one sample of the wait for the GIL, and how long, in seconds.
NAPS, NAP = 40, 0.002
#: The shorter switch interval of that probe, in seconds; Python's own is ten times as long.
SHORT = 0.0005
#: Work of one thread in a probe of capacity (about 0.2 s each).
LOOPS, HASHES, COMPRESSED, NUMBERS = 4_000_000, 400_000, 8_000_000, 2_500_000
#: Pages that are fetched, threads that fetch them, and the latency of the server in seconds.
PAGES, FETCHERS, LATENCY = 32, 8, 0.02
#: Rows of the matrices whose products are taken, and the products of each thread.
ROWS, PRODUCTS = 500, 8


class Adapter:
    """Worker threads that take calls from one queue."""

    system = "threading"
    packages = ()
    import_name = "threading"

    def __init__(self) -> None:
        self.workers: Any = None
        self.count = 0

    @staticmethod
    def settings() -> dict[str, float]:
        """Return what a reader must know to take the same measurement: how long a thread may keep the GIL."""
        return {"switch_interval": sys.getswitchinterval()}

    def start(self, workers: int, home: Path) -> None:
        """Start the threads."""
        from examples.threading.worker_threads import Workers

        self.count = workers
        self.workers = Workers(workers)

    def stop(self) -> None:
        """End the threads."""
        if self.workers is not None:
            self.workers.stop()
            self.workers = None

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Let one thread make one call, and wait for its result."""
        return self.workers.run(lambda _: function(*arguments), (None,))[0]

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Put every argument into the queue and collect the results in order."""
        return self.workers.run(function, arguments)

    @contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Hand the object itself to the thread, which shares this process's memory."""
        from examples.measure.shared import touch

        yield lambda: self.one(touch, payload)

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return what the parts cost, and what threads can do side by side."""
        return {
            "start.thread": ("s", start_and_join),
            "lock.free": ("s", lambda: lock_turn(threading.Lock())),
            "lock.reentrant": ("s", lambda: lock_turn(threading.RLock())),
            "queue.hop": ("s", lambda: hop(Queue)),
            "queue.hop.simple": ("s", lambda: hop(SimpleQueue)),
            "gil.wake.idle": ("s", lambda: wake_delay(computing=False)),
            "gil.wake.busy": ("s", lambda: wake_delay(computing=True)),
            "gil.wake.busy.short": ("s", lambda: wake_delay(computing=True, interval=SHORT)),
            "capacity.python": ("", lambda: self._capacity(count)),
            "capacity.hash": ("", lambda: self._capacity(digest)),
            "capacity.compress": ("", lambda: self._capacity(compress)),
            "capacity.sort": ("", lambda: self._capacity(sort)),
            "fetch.loop": ("s", lambda: fetch_pages(threads=0)),
            "fetch.threads": ("s", lambda: fetch_pages(threads=FETCHERS)),
            "blas.nested": ("s", lambda: self._products(blas_threads=None)),
            "blas.limited": ("s", lambda: self._products(blas_threads=1)),
        }

    def _capacity(self, work: Callable[[Any], Any]) -> float:
        """How many times the work of one thread all of them do side by side, in the same time."""
        alone = _seconds(lambda: self.many(work, [None]))
        together = _seconds(lambda: self.many(work, [None] * self.count))
        return self.count * alone / together

    def _products(self, blas_threads: int | None) -> float:
        """Seconds of matrix products in every thread, with the BLAS threads of the machine or with so many a call."""
        import numpy
        from threadpoolctl import threadpool_limits

        matrix = numpy.random.default_rng(0).random((ROWS, ROWS))
        with threadpool_limits(blas_threads, user_api="blas"):
            return _seconds(lambda: self.many(lambda _: multiply(matrix), [None] * self.count))


def start_and_join() -> float:
    """Seconds to start a thread that does nothing, and to wait for its end."""

    def one_after_another() -> None:
        for _ in range(STARTS):
            thread = threading.Thread(target=_nothing)
            thread.start()
            thread.join()

    return _seconds(one_after_another) / STARTS


def lock_turn(lock: Any) -> float:
    """Seconds to take a lock that nobody holds, and to give it back, the turn of a loop included."""

    def turns() -> None:
        for _ in range(TURNS):
            with lock:
                pass

    return _seconds(turns) / TURNS


def hop(kind: Callable[[], Any]) -> float:
    """Seconds for an object from one thread to another that waits for it, through a queue of *kind*."""
    there, back = kind(), kind()

    def answer() -> None:
        while (item := there.get()) is not None:
            back.put(item)

    def trip() -> None:
        there.put(True)
        back.get()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        trip()
        return _seconds(lambda: [trip() for _ in range(HOPS // 2)]) / HOPS
    finally:
        there.put(None)
        thread.join()


def wake_delay(computing: bool, interval: float | None = None) -> float:
    """Median of the seconds by which a thread that sleeps wakes late, beside one that computes in Python or alone."""
    import statistics

    ended = threading.Event()

    def compute() -> None:
        while not ended.is_set():
            for _ in range(1_000):
                pass

    thread = threading.Thread(target=compute)
    before = sys.getswitchinterval()
    sys.setswitchinterval(interval or before)
    if computing:
        thread.start()
    try:
        delays = [_seconds(lambda: time.sleep(NAP)) - NAP for _ in range(NAPS)]
    finally:
        ended.set()
        if computing:
            thread.join()
        sys.setswitchinterval(before)
    return statistics.median(delays)


def fetch_pages(threads: int) -> float:
    """Seconds to fetch the pages of a server that takes its time, in a plain loop or with *threads* threads."""
    from examples.measure.serve import serving
    from examples.threading.worker_threads import Workers
    from examples.workload.web import fetch

    with serving(LATENCY) as base:
        urls = [f"{base}/page/{number}" for number in range(PAGES)]
        fetch(urls[0])
        if not threads:
            return _seconds(lambda: [fetch(url) for url in urls])
        workers = Workers(threads)
        try:
            return _seconds(lambda: workers.run(fetch, urls))
        finally:
            workers.stop()


def count(_: Any) -> int:
    """Count in Python."""
    total = 0
    for _ in range(LOOPS):
        total += 1
    return total


def digest(_: Any) -> bytes:
    """Hash in C, without Python's objects."""
    import hashlib

    return hashlib.pbkdf2_hmac("sha256", b"", b"", HASHES)


def compress(_: Any) -> int:
    """Compress bytes in C."""
    import zlib

    return len(zlib.compress(bytes(range(256)) * (COMPRESSED // 256)))


def sort(_: Any) -> float:
    """Sort numbers with NumPy."""
    import numpy

    return float(numpy.sort(numpy.random.default_rng(0).random(NUMBERS))[0])


def multiply(matrix: Any) -> float:
    """Multiply matrices in the BLAS."""
    for _ in range(PRODUCTS):
        product = matrix @ matrix
    return float(product[0, 0])


def _nothing() -> None:
    """Do nothing."""


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


VARIANTS = {"": Adapter}
