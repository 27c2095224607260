"""Nothing to start; settings of the shell that change the number of BLAS threads are taken away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

#: Settings of the caller's shell that would change what the examples show.
FOREIGN = ("OMP_", "OPENBLAS_", "MKL_", "BLIS_", "PYTHON_GIL", "PYTHON_THREAD_INHERIT_CONTEXT")


def engine(home: Path) -> Iterator[None]:
    """Run the block with Python's own settings, and leave the switch interval as it was."""
    for name in list(os.environ):
        if name.startswith(FOREIGN):
            del os.environ[name]
    interval = sys.getswitchinterval()
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
