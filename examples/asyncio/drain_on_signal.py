"""Stop on a signal: take no more work, finish what was begun, then end."""

from __future__ import annotations

import asyncio
import signal


# region drain
async def serve_until_told(log: list[str]) -> None:
    """Work until SIGTERM comes; the item in hand is finished first."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)  # not on Windows
    try:
        number = 0
        while not stop.is_set():
            log.append(f"begun {number}")
            if number == 2:
                signal.raise_signal(signal.SIGTERM)  # what `kill`, systemd and Kubernetes do
            await asyncio.sleep(0.01)
            log.append(f"done {number}")
            number += 1
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


# endregion drain


# region interrupt
async def work_until_interrupted(log: list[str]) -> None:
    """Be interrupted by Ctrl-C in the middle of something."""
    try:
        signal.raise_signal(signal.SIGINT)  # what Ctrl-C does
        await asyncio.sleep(30)
    finally:
        log.append("cleaned up")


# endregion interrupt
