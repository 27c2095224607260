"""Trap: a pool replaces a worker that died and forgets the task that died with it."""

from __future__ import annotations

import os
import signal


# region die
def die_on(victim: int, number: int) -> int:
    """Return *number*, but let the kernel kill this process if it is *victim*."""
    if number == victim:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


# endregion die
