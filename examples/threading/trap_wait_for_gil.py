"""Trap: a thread that waits a moment gets the GIL back when the thread that computes lets go of it, not before."""

from __future__ import annotations

import threading
import time

from examples.threading.watch_gil import never_asked_to_switch


# region mistake
def compute(go: threading.Event, events: list[str]) -> None:
    """Compute in Python, without a call that waits."""
    go.wait()
    events.append("begins to compute")
    sum(number * number for number in range(200_000))
    events.append("has computed")


def answer_meanwhile() -> list[str]:
    """Return the events, in order, of this thread that answers beside one that computes."""
    go, events = threading.Event(), []
    computing = threading.Thread(target=compute, args=(go, events))
    computing.start()
    with never_asked_to_switch():
        go.set()
        while "has computed" not in events:
            time.sleep(0.001)  # releases the GIL, and wants it back a millisecond later
            events.append("answers")
    computing.join()
    return events[events.index("begins to compute") :]


# endregion mistake
