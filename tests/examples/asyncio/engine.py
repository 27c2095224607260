"""Keep asyncio as it is: nothing to start; a debug mode of the caller's shell would change what the examples show."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def engine(home: Path) -> Iterator[None]:
    """Run the block without asyncio's debug mode; each example starts a loop of its own and closes it."""
    os.environ.pop("PYTHONASYNCIODEBUG", None)
    yield
