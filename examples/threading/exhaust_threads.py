"""Start threads until the operating system refuses, within a limited address space.

``python -m examples.threading.exhaust_threads MEGABYTES STACK_KILOBYTES`` prints how many threads there were, and the
error.  The limit is on addresses, so that the process needs no memory to speak of, and no other process suffers.
"""

from __future__ import annotations

import resource
import sys
import threading


# region exhaust
def start_until_refused(threads: list[threading.Thread]) -> tuple[int, str]:
    """Start *threads*; return how many could be started, and the error that ended it."""
    for started, thread in enumerate(threads):
        try:
            thread.start()
        except RuntimeError as error:
            return started, str(error)
    return len(threads), ""


# endregion exhaust


def addresses() -> int:
    """Return the bytes of address space that this process has."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    megabytes, stack = int(sys.argv[1]), int(sys.argv[2])
    wait = threading.Event()
    # Made before the limit holds, so that it is the stack of a thread and no object that finds no room.
    threads = [threading.Thread(target=wait.wait) for _ in range(1_000)]
    threading.stack_size(stack * 1024)
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (addresses() + megabytes * 2**20, most))
    count, error = start_until_refused(threads)
    resource.setrlimit(resource.RLIMIT_AS, (before, most))  # what ends a thread or the interpreter may need room
    wait.set()
    for thread in threads[:count]:
        thread.join()
    print(count, error, sep="; ")
