"""Trap: a library function names its backend, and its caller runs it in parallel."""

from __future__ import annotations

import os

from joblib import Parallel, delayed


# region functions
def library_function() -> int:
    """Return how many processes besides this one ran the inner loop."""
    loop = Parallel(n_jobs=2, backend="loky")
    return len(set(loop(delayed(os.getpid)() for _ in range(20))) - {os.getpid()})


def polite_function() -> int:
    """Do the same, and leave the backend to the caller."""
    loop = Parallel(n_jobs=2)
    return len(set(loop(delayed(os.getpid)() for _ in range(20))) - {os.getpid()})


# endregion functions
