"""A function for ``apply`` that outgrows the memory of its worker, and marks each row."""

from __future__ import annotations

import time
from pathlib import Path


# region grow
def grow(row: float, marks: Path, heavy: float, megabytes: int) -> float:
    """Return *row*; at the row *heavy*, hold *megabytes* MB for a while: the allocation itself succeeds."""
    with marks.open("a") as file:
        file.write(f"{row:.0f}\n")
    if row == heavy:
        block = bytearray(b"x") * (megabytes * 10**6)
        time.sleep(30)
        del block
    return row


# endregion grow
