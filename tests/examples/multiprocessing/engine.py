"""Nothing to start or to stop; to be written where multiprocessing keeps processes, files or settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def engine(home: Path) -> Iterator[None]:
    """Run the block with what multiprocessing keeps under *home*."""
    yield
