"""Two clocks: the real one, on which waiting takes time, and a virtual one, on which it takes none."""

from __future__ import annotations

import math
import random
import time


class RealClock:
    """The clock of this machine."""

    #: The last part of a wait is spun away, as a sleep ends late by more than the costs that are injected.
    SPUN = 0.002

    now = staticmethod(time.perf_counter)

    def wait(self, seconds: float) -> None:
        """Return after *seconds*."""
        self.wait_until(self.now() + seconds)

    def wait_until(self, moment: float) -> None:
        """Return at *moment*, or at once where it has passed."""
        if (left := moment - self.now()) > self.SPUN:
            time.sleep(left - self.SPUN)
        while self.now() < moment:
            pass


class VirtualClock:
    """A clock that only moves when somebody waits.

    With *noise*, what a wait takes is multiplied by exp(*noise* · z), z from a normal distribution with this *seed*: a
    relative standard deviation of about *noise*, with the median unchanged.
    """

    def __init__(self, noise: float = 0.0, seed: int = 0) -> None:
        """Begin at zero."""
        self._time, self._noise, self._random = 0.0, noise, random.Random(seed)

    def now(self) -> float:
        """Return the time in seconds."""
        return self._time

    def wait(self, seconds: float) -> None:
        """Move on by *seconds*."""
        self._time += seconds * math.exp(self._noise * self._random.gauss(0, 1))

    def wait_until(self, moment: float) -> None:
        """Move on to *moment*."""
        self.wait(max(0.0, moment - self._time))
