"""Trap: a library function names its backend, and its caller runs it in parallel."""

from __future__ import annotations

import os

from joblib import Parallel, delayed


# region trap
def library_function() -> int:
    """Return how many processes besides this one ran the inner loop."""
    processes = Parallel(n_jobs=2, backend="loky")(delayed(os.getpid)() for _ in range(20))
    return len(set(processes) - {os.getpid()})
# endregion trap


# region fix
def polite_function() -> int:
    """Do the same, and leave the backend to the caller."""
    processes = Parallel(n_jobs=2)(delayed(os.getpid)() for _ in range(20))
    return len(set(processes) - {os.getpid()})
# endregion fix
