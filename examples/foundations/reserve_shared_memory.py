"""Create shared memory that is really there: an error now instead of a crash at some later write.  Linux only."""

from __future__ import annotations

import os
from multiprocessing.shared_memory import SharedMemory


# region reserve
def reserve_shared_memory(size: int) -> SharedMemory:
    """Return shared memory whose pages exist, or raise OSError if there is no room."""
    block = SharedMemory(create=True, size=size)  # sets a length and takes no pages
    try:
        with open(f"/dev/shm/{block.name}", "r+b") as file:
            os.posix_fallocate(file.fileno(), 0, size)
    except OSError:
        block.close()
        block.unlink()
        raise
    return block


# endregion reserve
