"""A function for ``apply`` that outgrows the memory of its worker."""

from __future__ import annotations

import time
from pathlib import Path


# region grow
def grow(row: float, marks: Path, megabytes: int) -> float:
    """Leave a mark, then hold *megabytes* MB for a while; the allocation itself succeeds."""
    with marks.open("a") as file:
        file.write(f"{row:.0f}\n")
    block = bytearray(b"x") * (megabytes * 10**6)
    time.sleep(30)
    return row + len(block)


# endregion grow
