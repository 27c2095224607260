"""Shared memory of the standard library, for the adapters of pools that have no way of their own to share data.

A worker reads one byte of each page of what it is given, so that a mapping costs what its use costs: no copy, but the
pages that the kernel has to map.
"""

from __future__ import annotations

import mmap
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Any


def touch(data: Any) -> int:
    """Read one byte of each page of *data*, an object with a buffer of bytes, and return its length in bytes."""
    with memoryview(data) as view, view.cast("B") as octets:
        bytes(octets[:: mmap.PAGESIZE])
        return octets.nbytes


def touch_shared(name: str, size: int) -> int:
    """Attach to the shared memory *name*, :func:`touch` its first *size* bytes and return their number."""
    segment = attach(name)
    try:
        with segment.buf[:size] as view:
            return touch(view)
    finally:
        segment.close()


def attach(name: str) -> SharedMemory:
    """Return the shared memory *name*, which stays its creator's to remove."""
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    # Before 3.13 a process that attaches to a segment has it removed when the process ends, with a warning.
    register, resource_tracker.register = resource_tracker.register, lambda *arguments: None
    try:
        return SharedMemory(name)
    finally:
        resource_tracker.register = register


@contextmanager
def shared_memory(one: Callable[..., Any], payload: bytes) -> Iterator[Callable[[], int]]:
    """Copy *payload* into shared memory; yield a callable that has *one* run a task which attaches and reads it.

    *one* submits one task and returns its result, as :meth:`examples.measure.adapter.Adapter.one` does.
    """
    segment = SharedMemory(create=True, size=len(payload))
    try:
        segment.buf[: len(payload)] = payload
        yield lambda: one(touch_shared, segment.name, len(payload))
    finally:
        segment.close()
        segment.unlink()
