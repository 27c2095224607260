"""Nothing to start: each example makes its pools and shuts them down.  Take settings of the caller's shell away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def engine(home: Path) -> Iterator[None]:
    """Run the block with the CPU count that the machine has, whatever the caller's shell says."""
    os.environ.pop("PYTHON_CPU_COUNT", None)
    yield
