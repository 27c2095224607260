"""A rate limiter in ten lines: a semaphore whose permits the clock gives back."""

from __future__ import annotations

import asyncio


# region limiter
class WindowLimiter:
    """Let *limit* tasks in, in any *period* seconds, in the order in which they came."""

    def __init__(self, limit: int, period: float = 1.0) -> None:
        self._permits, self._period = asyncio.Semaphore(limit), period

    async def __aenter__(self) -> None:
        await self._permits.acquire()
        asyncio.get_running_loop().call_later(self._period, self._permits.release)

    async def __aexit__(self, *error: object) -> None:
        """Give nothing back here: the permit returns when its period is over."""


# endregion limiter
