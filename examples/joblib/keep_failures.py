"""Return a task's failure as a value, so that one bad item does not cost the results of the others."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


# region attempt
@dataclass(frozen=True)
class Outcome:
    """What became of one item: a result, or the text of the traceback."""

    item: Any
    result: Any = None
    error: str | None = None


def attempt(function: Callable[[Any], Any], item: Any) -> Outcome:
    """Return what *function* makes of *item*; never raise an :class:`Exception`."""
    try:
        return Outcome(item, result=function(item))
    except Exception:
        return Outcome(item, error=traceback.format_exc())


# endregion attempt
