"""Trap: a generator of tasks is empty after its first use, for instance at the second try."""

from __future__ import annotations

from collections.abc import Iterable


# region mistake
def count_twice(tasks: Iterable[int]) -> tuple[int, int]:
    """Return how many tasks a first and a second run see."""
    return sum(1 for _ in tasks), sum(1 for _ in tasks)


# endregion mistake
