"""Start a child while another thread holds a lock: a forked child gets the lock, but not the thread that would free it.

Run as ``python -m examples.foundations.trap_fork_with_thread`` on Linux or macOS.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading

# region trap
lock = threading.Lock()


def try_lock() -> None:
    """End with 0 if the lock can be had; without a timeout it would wait for ever."""
    sys.exit(0 if lock.acquire(timeout=0.5) else 1)


def start_meanwhile(method: str) -> bool:
    """Return whether a child gets the lock that a thread held when it started."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            release.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    child = multiprocessing.get_context(method).Process(target=try_lock)
    child.start()
    child.join()
    release.set()
    thread.join()
    return child.exitcode == 0


# endregion trap

if __name__ == "__main__":
    for name in ("fork", "spawn", "forkserver"):
        print(name, "gets the lock" if start_meanwhile(name) else "would wait for ever")
