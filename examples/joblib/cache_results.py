"""A function that records when it really runs, for the example of caching on disk."""

from __future__ import annotations

from pathlib import Path

from examples.workload.inspection import Summary, inspect_batch


# region cached
def inspect_and_note(number: int, log: Path) -> Summary:
    """Summarise batch *number* and append its number to *log*."""
    with log.open("a") as lines:
        lines.write(f"{number}\n")
    return inspect_batch(number)


# endregion cached
