"""Weigh a call: the bytes that a process pool of the standard library writes to send it."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.reduction import ForkingPickler

from examples.workload.inspection import Batch, make_batches


# region weigh
def weigh_call(function: Callable, *arguments: object) -> int:
    """Return the size of *function* and *arguments* as multiprocessing pickles them."""
    return len(ForkingPickler.dumps((function, arguments)))


class Survey:
    """All readings of one inspection."""

    def __init__(self, batches: int) -> None:
        self.batches = make_batches(batches)

    def thinnest(self, number: int) -> float:
        """Return the smallest wall thickness of one batch."""
        return thinnest(self.batches[number])


def thinnest(batch: Batch) -> float:
    """Return the smallest wall thickness of *batch*."""
    return min(thickness for _, thickness in batch)


# endregion weigh
