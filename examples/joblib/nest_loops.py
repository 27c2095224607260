"""A parallel loop inside a parallel loop: where does the inner one run?"""

from __future__ import annotations

import os
import threading

from joblib import Parallel, delayed
from joblib.parallel import get_active_backend


def whereabouts() -> tuple[int, int]:
    """Return the process and the thread that run this task."""
    return os.getpid(), threading.get_ident()


# region inner
def inner_loop() -> tuple[str, bool]:
    """Run a loop; return its backend, and whether its tasks stayed in this process."""
    backend, _ = get_active_backend()
    places = Parallel(n_jobs=2)(delayed(whereabouts)() for _ in range(20))
    return type(backend).__name__, {process for process, _ in places} == {os.getpid()}


def outer_loop() -> list[tuple[str, bool]]:
    """Run loops that run loops."""
    return Parallel(n_jobs=2)(delayed(inner_loop)() for _ in range(2))


# endregion inner
