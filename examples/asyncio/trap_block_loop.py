"""Trap: a call that blocks its thread stops every task of the loop, not only the one that made it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable


# region mistake
async def ask_blocking() -> bool:
    """Return whether the loop could do something else during a call that blocks."""
    called = threading.Event()
    asyncio.get_running_loop().call_soon(called.set)  # what another task wants to do
    return called.wait(0.3)  # stands for requests.get, time.sleep, a database driver


# endregion mistake


# region fix
async def ask_in_thread() -> bool:
    """Return the same for the same call, made in a thread."""
    called = threading.Event()
    asyncio.get_running_loop().call_soon(called.set)
    return await asyncio.to_thread(called.wait, 30)


# endregion fix


# region watch
def complaints(main: Callable[[], Awaitable[object]]) -> list[str]:
    """Run ``main()`` in debug mode and return what asyncio logged as too slow."""
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())
    logger = logging.getLogger("asyncio")
    logger.addHandler(handler)
    try:
        asyncio.run(main(), debug=True)
    finally:
        logger.removeHandler(handler)
    return [message for message in messages if message.startswith("Executing")]


# endregion watch
