"""Start threads until the operating system refuses, within a limited address space.

``python -m examples.threading.exhaust_threads MEGABYTES STACK_KILOBYTES`` prints how many threads there were, and the
error.  The limit is on addresses, so that the process needs no memory to speak of, and no other process suffers.
"""

from __future__ import annotations

import resource
import sys
import threading


# region exhaust
def start_until_refused(wait: threading.Event, most: int) -> tuple[int, str]:
    """Return how many threads could be started, at the most *most*, and the error that ended it."""
    for started in range(most):
        try:
            threading.Thread(target=wait.wait, daemon=True).start()
        except RuntimeError as error:
            return started, str(error)
    return most, ""


# endregion exhaust


def addresses() -> int:
    """Return the bytes of address space that this process has."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    megabytes, stack = int(sys.argv[1]), int(sys.argv[2])
    threading.stack_size(stack * 1024)
    limit = addresses() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    wait = threading.Event()
    print(*start_until_refused(wait, 1_000), sep="; ")
    wait.set()
