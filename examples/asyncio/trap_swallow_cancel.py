"""Trap: code that catches everything catches the request to stop, and turns a timeout into nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any


# region mistake
async def retry_everything(call: Callable[[], Awaitable[Any]], attempts: int = 3) -> Any:
    """Return the first result of *call*; whatever it raises is a reason to try again."""
    for _ in range(attempts):
        try:
            return await call()
        except BaseException:
            continue


# endregion mistake


# region fix
async def retry_failures(call: Callable[[], Awaitable[Any]], attempts: int = 3) -> Any:
    """Return the first result of *call*; try again after a failure, not when told to stop."""
    for remaining in reversed(range(attempts)):
        try:
            return await call()
        except Exception:
            if not remaining:
                raise


# endregion fix
