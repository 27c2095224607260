"""Profile a function in every worker process and merge the profiles."""

from __future__ import annotations

import cProfile
import os
import pstats
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


# region profile
@cache
def _profile(process: int) -> cProfile.Profile:
    return cProfile.Profile()  # one for each process; a fork must not go on with its parent's


@dataclass(frozen=True)
class Profiled:
    """A function that adds each of its calls to the profile of the process it runs in.

    *folder* begins empty and gets one file a process.
    """

    function: Callable[..., Any]
    folder: Path

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        profile = _profile(os.getpid())
        try:
            return profile.runcall(self.function, *args, **kwargs)
        finally:
            # After each call: a pool tells its workers nothing before they end.
            profile.dump_stats(self.folder / f"{os.getpid()}.prof")


def merge_profiles(folder: Path) -> pstats.Stats:
    """Add up the profiles of all workers."""
    return pstats.Stats(*map(str, sorted(folder.glob("*.prof"))))


# endregion profile
