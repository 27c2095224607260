"""Trap: a generator of results does not slow the workers down to the pace of its reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from joblib import Parallel


# region fix
def in_slices(parallel: Parallel, calls: Iterable, size: int) -> Iterator[Any]:
    """Yield the results of *calls* in order, at most *size* calls ahead of the reader."""
    calls = iter(calls)
    while part := list(islice(calls, size)):
        yield from parallel(part)


# endregion fix
