"""The tasks that probes send: importable by name, so that every engine can pickle them."""

from __future__ import annotations

import functools
import hashlib
import os
import pickle
import threading
import time
from typing import Any

from examples.workload.inspection import inspect_batch
from examples.workload.web import fetch

#: Readings in one batch of the shared job as it is timed.
JOB_READINGS = 20_000


def nothing(argument: object = None) -> None:
    """Do nothing: what is left is the engine's own cost."""


def add(left: int, right: int) -> int:
    """Return the sum; proves that an engine answers rightly before it is timed."""
    return left + right


def process(argument: object = None) -> int:
    """Return the id of the process that runs this task; tells engines in this process from those with workers."""
    return os.getpid()


def pause(seconds: float) -> float:
    """Sleep: a task that waits and needs no core."""
    time.sleep(seconds)
    return seconds


def pause_where(seconds: float) -> tuple[int, int]:
    """Sleep and return the process and the thread that did: tells how many workers there are."""
    time.sleep(seconds)
    return os.getpid(), threading.get_ident()


def work(iterations: int) -> int:
    """Keep one core busy for a time in proportion to *iterations* and return a number that depends on all of it.

    It is one call of C code that releases the GIL, so that threads are compared with processes fairly.
    """
    digest = hashlib.pbkdf2_hmac("sha256", b"", b"", iterations)
    return int.from_bytes(digest[:4], "big")


def cell(iterations: int, *results: int) -> int:
    """Work as one cell of a stencil; the answer counts the ways that lead here, so that a missing dependency shows."""
    work(iterations)
    return 1 + sum(results) % 2**31


def inspect(number: int) -> dict[str, float]:
    """Run one batch of the shared job: pure Python that holds the GIL."""
    return inspect_batch(number, JOB_READINGS)


def inspect_or_fetch(item: int | str) -> dict[str, float] | int:
    """Run one task of the mixed job: a batch where *item* is its number, a page where it is a URL."""
    return fetch(item) if isinstance(item, str) else inspect(item)


class Block:
    """Bytes that pickle protocol 5 can carry out of band, as an array of NumPy or Arrow can be."""

    def __init__(self, data: Any) -> None:
        """Hold *data*, any object with a contiguous buffer, without a copy."""
        self.data = data

    def __len__(self) -> int:
        """Return the number of bytes."""
        return memoryview(self.data).nbytes

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Give the pickler the buffer itself where the protocol has such a thing."""
        return Block, (pickle.PickleBuffer(self.data) if protocol >= 5 else bytes(self.data),)


def length(payload: bytes | Block) -> int:
    """Return the number of bytes that arrived."""
    return len(payload)


def make_bytes(size: int) -> bytes:
    """Return *size* bytes that do not compress, made once a process and then kept."""
    return _bytes(size)


# One size at a time: a worker that kept one object of each size would hold more than it needs.
# Engines want a plain function as a task, so the cache is not on the function that is sent.
@functools.lru_cache(maxsize=1)
def _bytes(size: int) -> bytes:
    piece = os.urandom(min(size, 2**20))  # repeated: a copy in memory takes a small part of the time that sending takes
    return (piece * (size // 2**20 + 1))[:size]


def forget_bytes() -> None:
    """Drop what :func:`make_bytes` kept in this process."""
    _bytes.cache_clear()


def make_block(size: int) -> Block:
    """Return *size* bytes that pickle protocol 5 can carry out of band."""
    return Block(make_bytes(size))


def job(order: tuple[int, bytes, int]) -> bytes:
    """Run one task of a held-out job: *order* is iterations of :func:`work`, a payload, and the size of the answer."""
    iterations, payload, size = order
    if iterations:
        work(iterations)
    return make_bytes(size) if size else payload[:0]
