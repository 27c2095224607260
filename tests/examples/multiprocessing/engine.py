"""Keep the page's pools from a setting of the caller's shell; nothing is to start, and pools end in their examples."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from multiprocessing import forkserver, util
from pathlib import Path


def engine(home: Path) -> Iterator[None]:
    """Run the block; end the processes of an example that failed before it ended them."""
    os.environ.pop("PYTHON_CPU_COUNT", None)
    try:
        yield
    finally:
        for child in multiprocessing.active_children():
            child.kill()
            child.join()
        # The interpreter's end would do both, when the home with their temporary folder is gone.
        forkserver._forkserver._stop()
        util._run_finalizers()
