"""Trap: a fork copies a lock that another thread holds, and not the thread that would release it."""

from __future__ import annotations

import multiprocessing
import sys
import threading

# region fork
_lock = threading.Lock()


def take_lock() -> None:
    """Leave with 0 if the lock was free and with 1 if not; without its timeout it would wait forever."""
    sys.exit(0 if _lock.acquire(timeout=1) else 1)


def start_while_locked(method: str) -> int:
    """Start a process by *method* while a thread holds the lock; return its exit code."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with _lock:
            held.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    process = multiprocessing.get_context(method).Process(target=take_lock)
    process.start()
    process.join()
    done.set()
    thread.join()
    return process.exitcode


# endregion fork
