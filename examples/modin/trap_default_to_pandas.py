"""Trap: an operation that Modin has not implemented moves the whole frame to one process, and says so once."""

from __future__ import annotations

import os
import warnings
from typing import Any


# region where
def where(value: Any) -> int:
    """Return the process that runs this function."""
    return os.getpid()


def processes(operation: Any) -> tuple[set[int], list[str]]:
    """Return the processes that *operation* ran :func:`where` in, and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = operation(where)
        found = {int(process) for process in result.modin.to_pandas().to_numpy().ravel()}
    return found, [str(warning.message).split(".\n")[0] for warning in caught]


# endregion where
