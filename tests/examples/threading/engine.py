"""Stop the worker threads that an example left; take away settings of the shell that change what examples show."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

#: Settings of the caller's shell that would change what the examples show.
FOREIGN = ("OMP_", "OPENBLAS_", "MKL_", "BLIS_", "MALLOC_", "PYTHON_GIL", "PYTHON_THREAD_INHERIT_CONTEXT")


def engine(home: Path) -> Iterator[None]:
    """Run the block with Python's own settings; afterwards the switch interval is as it was, and no worker waits.

    A page that fails in the middle does not reach its ``workers.stop()``, and the interpreter would wait for them.
    """
    from examples.threading.worker_threads import Workers

    for name in list(os.environ):
        if name.startswith(FOREIGN):
            del os.environ[name]
    interval = sys.getswitchinterval()
    made: list[Workers] = []
    start = Workers.__init__

    def remember(workers: Workers, *arguments: int, **options: int) -> None:
        start(workers, *arguments, **options)
        made.append(workers)

    Workers.__init__ = remember
    try:
        yield
    finally:
        Workers.__init__ = start
        sys.setswitchinterval(interval)
        for workers in made:
            if any(thread.is_alive() for thread in workers.threads):
                workers.stop()
