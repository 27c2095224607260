"""Give joblib a temporary home, and stop the worker processes that loky keeps for the next call."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

#: Settings of the caller's shell that would change what the examples show.
FOREIGN = ("LOKY_", "JOBLIB_", "OMP_", "OPENBLAS_", "MKL_", "BLIS_")


def engine(home: Path) -> Iterator[None]:
    """Run the block with memory maps and everything else under *home*."""
    for name in list(os.environ):
        if name.startswith(FOREIGN):
            del os.environ[name]
    os.environ["JOBLIB_TEMP_FOLDER"] = str(home)
    try:
        yield
    finally:
        from joblib.externals.loky import get_reusable_executor

        # `reuse=True` returns the executor that exists, whatever its settings, in place of a new one.
        get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=True)
