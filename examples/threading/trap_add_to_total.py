"""Trap: ``total += call()`` reads the total before the call and stores it after; what others add meanwhile is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable


# region mistake
class Tally:
    """A sum that several threads add to."""

    def __init__(self) -> None:
        self.total = 0

    def add(self, read: Callable[[], int]) -> None:
        """Add what *read* returns."""
        self.total += read()  # load the total, call, add, store


# endregion mistake


# region fix
class LockedTally(Tally):
    """The same, right."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()

    def add(self, read: Callable[[], int]) -> None:
        """Add what *read* returns."""
        amount = read()  # before the lock, so that reads still overlap
        with self.lock:
            self.total += amount


# endregion fix


# region force
def add_from_two_threads(tally: Tally) -> int:
    """Return the total after two threads added 100 each, both inside their calls at once."""
    both_inside = threading.Barrier(2)

    def read() -> int:
        both_inside.wait(timeout=60)
        return 100

    threads = [threading.Thread(target=tally.add, args=(read,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally.total


# endregion force
