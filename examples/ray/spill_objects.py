"""Put more into the object store than it holds, and see where the rest goes."""

from pathlib import Path

import numpy
import ray


# region spill
def put_arrays(count: int, megabytes: int) -> list[ray.ObjectRef]:
    """Put *count* arrays of *megabytes* MB each; array *i* is full of *i*."""
    size = megabytes * 125_000
    return [ray.put(numpy.full(size, i, dtype=float)) for i in range(count)]


def spilled_bytes(folder: Path) -> int:
    """Return the size of everything that Ray has written below *folder*."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


# endregion spill
