"""Trap: a look-up of a name needs a thread of the default executor, and waits behind whatever else uses that."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


# region mistake
async def look_up_beside_work(threads: int) -> tuple[bool, bool]:
    """Return whether a name is found while one thread is busy, and after that."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(threads))
    release = threading.Event()
    busy = asyncio.create_task(asyncio.to_thread(release.wait, 30))
    await asyncio.sleep(0)  # it takes the first thread
    lookup = asyncio.create_task(loop.getaddrinfo("127.0.0.1", 80))
    done, _ = await asyncio.wait([lookup], timeout=None if threads > 1 else 0.3)
    found = lookup in done
    release.set()
    await busy
    return found, bool(await lookup)


# endregion mistake
