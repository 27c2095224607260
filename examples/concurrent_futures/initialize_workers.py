"""Load what every task needs once in each worker, not once in each task."""

from __future__ import annotations

import json
from pathlib import Path

# region load
_limits: dict[str, float] = {}


def load_limits(path: Path, log: Path) -> None:
    """Initializer: fill this worker's own copy of the table, and note that it was read."""
    _limits.update(json.loads(path.read_text()))
    with log.open("a") as lines:
        lines.write("loaded\n")


def is_thin(member: str, thickness: float) -> bool:
    """Task: sends a name and a number, and finds the table already there."""
    return thickness < _limits[member]


# endregion load
