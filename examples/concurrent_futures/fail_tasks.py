"""Tasks that fail: with an exception, and with the death of their worker."""

from __future__ import annotations

import os
import signal


def reciprocal(number: float) -> float:
    """Return ``1 / number``; raises :class:`ZeroDivisionError` for 0."""
    return 1 / number


# region die
def die_on(victim: int, number: int) -> int:
    """Return *number*, but kill the worker process where it is *victim*, as the kernel does when memory runs out."""
    if number == victim:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


# endregion die
