"""An event loop whose clock jumps: what would be waited for is skipped, so that timers can be tested exactly."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any


# region loop
class JumpingSelector(selectors.DefaultSelector):
    """Waits for sockets no longer than *patience* seconds; the rest of a wait is added to a clock.

    Each turn of the loop takes a nanosecond, so that nobody who waits for time to pass waits for ever.
    """

    def __init__(self, patience: float = 0.0) -> None:
        super().__init__()
        self.now, self.patience = 0.0, patience

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; when nothing is, the time until the next timer has passed."""
        if timeout is None:
            return super().select(None)  # no timer to jump to: only a thread or a socket can go on
        self.now += 1e-9
        ready = super().select(min(timeout, self.patience))
        if not ready:
            self.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop on the clock of a :class:`JumpingSelector`; it counts the timers that its tasks set."""

    def __init__(self, patience: float = 0.0) -> None:
        self.clock, self.timers = JumpingSelector(patience), 0
        super().__init__(self.clock)

    def time(self) -> float:
        """Return the seconds that have passed on the jumping clock."""
        return self.clock.now

    def call_at(self, when: float, callback: Any, *arguments: Any, context: Any = None) -> asyncio.TimerHandle:
        """Set a timer, as ``asyncio.sleep`` and ``call_later`` do."""
        self.timers += 1
        return super().call_at(when, callback, *arguments, context=context)


# endregion loop
