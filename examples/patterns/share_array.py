"""A NumPy array in shared memory: made once, attached once in each worker, gone when the block ends."""

from __future__ import annotations

import math
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory

import numpy as np
from numpy.typing import DTypeLike

# Before 3.13, attaching registers the segment with the resource tracker a second time; in a worker of this program that
# is the same tracker and does no harm.
UNTRACKED = {"track": False} if sys.version_info >= (3, 13) else {}


# region share
@dataclass(frozen=True)
class Handle:
    """Where a shared array lies; sent to the workers in its place."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype


@contextmanager
def shared_array(shape: tuple[int, ...], dtype: DTypeLike = float) -> Iterator[tuple[np.ndarray, Handle]]:
    """Yield an array of zeros in shared memory with its handle; at the end of the block nobody can attach any more.

    Make it before the pool, so that the workers share the resource tracker of this process.
    """
    dtype = np.dtype(dtype)
    if dtype.hasobject:
        raise TypeError("objects lie in the memory of their own process")
    memory = SharedMemory(create=True, size=max(1, math.prod(shape) * dtype.itemsize))
    try:
        yield _map(memory, shape, dtype), Handle(memory.name, shape, dtype)
    finally:
        memory.unlink()


def attach(handle: Handle) -> np.ndarray:
    """Return the array of *handle* in another process of the same program."""
    return _map(SharedMemory(handle.name, **UNTRACKED), handle.shape, handle.dtype)


def _map(memory: SharedMemory, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    array = np.ndarray(shape, dtype, buffer=memory.buf)
    # The array does not keep the memory mapped: to touch it after close() is a segmentation fault.
    weakref.finalize(array, memory.close).atexit = False
    return array


# endregion share


# region workers
_readings: np.ndarray


def open_readings(handle: Handle) -> None:
    """Attach once in each worker: run as the initializer of the pool."""
    global _readings
    _readings = attach(handle)


def scale_rows(first: int, last: int) -> float:
    """Change the rows in place; each task owns the rows that it is given."""
    rows = _readings[first:last]
    rows *= 2
    return float(rows.sum())


# endregion workers
