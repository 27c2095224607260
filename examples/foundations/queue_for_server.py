"""How long requests wait in line before one server: with regular arrivals, and with random ones."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator


# region queue
def waits(gaps: Iterable[float], services: Iterable[float]) -> Iterator[float]:
    """Yield how long each request waits before it is served, when one server serves them in order.

    *gaps* are the times between an arrival and the next.  A request waits for what is left of the work before it
    (Lindley's recursion).
    """
    wait = 0.0
    for gap, service in zip(gaps, services, strict=False):
        yield wait
        wait = max(0.0, wait + service - gap)


def irregular(mean: float, count: int, seed: int) -> list[float]:
    """Return *count* times with the given mean, short ones often and long ones seldom (exponential distribution)."""
    draw = random.Random(seed).random
    return [-mean * math.log(1 - draw()) for _ in range(count)]


# endregion queue
