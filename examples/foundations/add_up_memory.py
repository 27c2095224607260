"""Add up the memory of a process and three forked children that share its data: once as RSS, once as PSS.

Run as ``python -m examples.foundations.add_up_memory`` on Linux.
"""

from __future__ import annotations

import json
import os
import signal

import psutil


# region add
def add_up(children: int = 3) -> dict[str, int]:
    """Return the bytes of the data, and the sums of RSS and PSS over all processes."""
    data = b"x" * 100_000_000
    started = []
    for _ in range(children):
        child = os.fork()
        if child == 0:
            signal.pause()  # until the parent ends it
        started.append(child)
    processes = [psutil.Process(), *map(psutil.Process, started)]
    memory = [process.memory_full_info() for process in processes]
    for child in started:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return {
        "data": len(data),
        "rss": sum(one.rss for one in memory),
        "pss": sum(one.pss for one in memory),
    }


# endregion add

if __name__ == "__main__":
    print(json.dumps(add_up()))
