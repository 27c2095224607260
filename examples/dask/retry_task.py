"""A task that fails twice and then succeeds, for ``retries=``."""

from __future__ import annotations

from pathlib import Path


# region flaky
def read_share(marks: Path) -> str:
    """Fail like a network share that comes back at the third attempt."""
    with marks.open("ab", buffering=0) as file:
        file.write(b".")
    attempts = marks.stat().st_size
    if attempts < 3:
        raise OSError(f"attempt {attempts}: share not mounted")
    return f"read at attempt {attempts}"


# endregion flaky
