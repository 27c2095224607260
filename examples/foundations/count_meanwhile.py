"""Count the turns that another thread gets while a call runs: none, if the call keeps the GIL from start to end."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

#: Seconds after which a waiting thread asks for the GIL: so many that none of these calls is ever asked.
NEVER = 1_000.0


# region count
def count_meanwhile(call: Callable[[], object], interval: float = NEVER) -> int:
    """Return how many turns another thread had from the start of *call* to its end."""
    turns, ended = 0, threading.Event()

    def take_turns() -> None:
        nonlocal turns
        while not ended.is_set():
            turns += 1
            time.sleep(0)  # gives the GIL back

    usual = sys.getswitchinterval()
    sys.setswitchinterval(interval)
    other = threading.Thread(target=take_turns)
    other.start()
    try:
        before = turns
        call()
        return turns - before
    finally:
        ended.set()
        other.join()
        sys.setswitchinterval(usual)


# endregion count
