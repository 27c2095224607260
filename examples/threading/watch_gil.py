"""Find out whether a call releases the GIL, without a clock."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def never_asked_to_switch() -> Iterator[None]:
    """In the block a thread keeps the GIL until it releases it of its own accord."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(3600)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


# region releases
def releases_gil(call: Callable[[], Any], times: int = 500) -> bool:
    """Return whether this thread gets a turn while another makes *call*, up to *times* times.

    In a free-threaded build the answer is always true.
    """
    had_turn, ended = threading.Event(), False

    def repeat() -> None:
        nonlocal ended
        for _ in range(times):
            call()
            if had_turn.is_set():
                break
        ended = True

    thread = threading.Thread(target=repeat)
    with never_asked_to_switch():
        thread.start()  # the new thread has the GIL now
        turn = not ended
        had_turn.set()
        thread.join()
    return turn


# endregion releases
