"""What a worker sees of a global that its parent changed, by start method.

Run as ``python -m examples.foundations.read_global fork`` (or ``spawn``): it prints what the worker saw.
"""

from __future__ import annotations

import multiprocessing
import sys

# region global
limits: dict[str, float] = {}


def count_limits(channel) -> None:
    """Send the number of entries that this process sees."""
    channel.send(len(limits))
    channel.close()


def ask_worker(method: str) -> int:
    """Fill the global, start a process, and return how many entries it saw."""
    limits["wall"] = 8.0
    context = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    worker = context.Process(target=count_limits, args=(theirs,))
    worker.start()
    theirs.close()
    seen = ours.recv()
    ours.close()
    worker.join()
    return seen


# endregion global

if __name__ == "__main__":
    print(ask_worker(sys.argv[1]))
