"""Double the numbers in shared memory where they lie: only the name of the memory travels."""

from __future__ import annotations

from multiprocessing.shared_memory import SharedMemory

import numpy as np


# region double
def double_in_place(name: str, count: int) -> None:
    """Double *count* numbers in the shared memory called *name*."""
    block = SharedMemory(name)
    numbers = np.ndarray(count, dtype=np.float64, buffer=block.buf)
    numbers *= 2
    del numbers  # a view that lives on would keep the memory from being closed
    block.close()


# endregion double
