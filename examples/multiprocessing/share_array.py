"""Let workers write the rows of one NumPy array in shared memory."""

from __future__ import annotations

# region share
import multiprocessing
import sys
from functools import partial
from multiprocessing.shared_memory import SharedMemory

import numpy

# Since Python 3.13 a process that only attaches can leave the cleaning up to the creator.
ATTACH = {"track": False} if sys.version_info >= (3, 13) else {}


def fill_row(name: str, shape: tuple[int, int], row: int) -> None:
    """Write into *row* of the array that lies in the shared memory *name*."""
    memory = SharedMemory(name, **ATTACH)
    numpy.ndarray(shape, buffer=memory.buf)[row] = row
    memory.close()


def fill(shape: tuple[int, int]) -> numpy.ndarray:
    """Return an array that two workers have filled; only names and row numbers were sent."""
    memory = SharedMemory(create=True, size=8 * shape[0] * shape[1])
    try:
        with multiprocessing.Pool(2) as pool:
            pool.map(partial(fill_row, memory.name, shape), range(shape[0]))
        return numpy.ndarray(shape, buffer=memory.buf).copy()
    finally:
        memory.close()  # every process closes
        memory.unlink()  # one process unlinks


# endregion share
