"""A profile without times: how often each function was called."""

from __future__ import annotations

import cProfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path


# region count
def count_calls(function: Callable, *arguments: object) -> Counter[str]:
    """Return how often each function was called while ``function(*arguments)`` ran, by ``module:function``."""
    profile = cProfile.Profile()
    profile.runcall(function, *arguments)
    profile.create_stats()
    calls: Counter[str] = Counter()
    for (file, _, name), (_, count, *_) in profile.stats.items():
        calls[f"{Path(file).stem}:{name}"] += count
    return calls


# endregion count
