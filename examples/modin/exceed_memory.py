"""A function for ``apply`` that outgrows the memory of its worker."""

from __future__ import annotations

import time


# region grow
def grow(row: float, megabytes: int) -> float:
    """Hold *megabytes* MB for a while; the allocation itself succeeds."""
    block = bytearray(b"x") * (megabytes * 10**6)
    time.sleep(30)
    return row + len(block)


# endregion grow
