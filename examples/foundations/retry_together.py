"""Clients that were refused together: how often they call again, with and without jitter.

A calculation in slots of time: a server takes so many calls a slot and refuses the others.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable


# region storm
def count_calls(clients: int, capacity: int, wait: Callable[[int], int]) -> tuple[int, int]:
    """Return all calls until every client was served, and the slot in which the last one was.

    All call in slot 0.  A client that is refused at attempt k (from 0) calls again after 1 + ``wait(k)`` slots.
    """
    due: dict[int, list[int]] = defaultdict(list, {0: [0] * clients})
    calls = slot = 0
    while due:
        slot = min(due)
        callers = due.pop(slot)
        calls += len(callers)
        for attempt in callers[capacity:]:
            due[slot + 1 + wait(attempt)].append(attempt + 1)
    return calls, slot


def at_once(attempt: int) -> int:
    """Call again in the next slot."""
    return 0


def backoff(attempt: int) -> int:
    """Wait twice as long at each attempt, up to 64 slots."""
    return min(2**attempt, 64)


def full_jitter(seed: int) -> Callable[[int], int]:
    """Return a wait that is drawn between nothing and what :func:`backoff` would wait."""
    draw = random.Random(seed).random
    return lambda attempt: int(draw() * (backoff(attempt) + 1))


# endregion storm
