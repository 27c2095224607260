"""Trap: a lambda does not cross a process boundary, because pickle sends functions by name."""

from __future__ import annotations

import pickle
from collections.abc import Callable


# region mistake
def double(number: int) -> int:
    return 2 * number


def can_send(function: Callable[[int], int]) -> bool:
    """Return whether the standard library can send *function* to another process."""
    try:
        pickle.dumps(function)
    except (AttributeError, pickle.PicklingError):
        return False
    return True


# endregion mistake
