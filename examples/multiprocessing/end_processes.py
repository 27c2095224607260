"""Start processes that end in different ways and see each end as it comes."""

from __future__ import annotations

# region ends
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import wait


def finish() -> None:
    """Return."""


def leave() -> None:
    """Leave with an exit code."""
    sys.exit(3)


def fail() -> None:
    """Raise; the traceback goes to stderr of the child and nowhere else."""
    raise ValueError("bad reading")


def die() -> None:
    """End as the kernel ends a process when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def exit_codes() -> dict[str, int]:
    """Run the four at once and return how each ended."""
    processes = [multiprocessing.Process(target=end, name=end.__name__) for end in (finish, leave, fail, die)]
    for process in processes:
        process.start()
    running = {process.sentinel: process for process in processes}
    codes = {}
    while running:
        for sentinel in wait(list(running)):  # returns as soon as one has ended
            process = running.pop(sentinel)
            process.join()
            codes[process.name] = process.exitcode
    return codes


# endregion ends
