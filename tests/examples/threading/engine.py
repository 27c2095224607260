"""Nothing to start or to stop; to be written where threading keeps processes, files or settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def engine(home: Path) -> Iterator[None]:
    """Run the block with what threading keeps under *home*."""
    yield
