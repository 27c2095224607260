"""Two threads that add one to the same number, with the turn between reading and writing arranged, not left to luck."""

from __future__ import annotations

import threading


# region lose
class Tally:
    """A number that two threads increase."""

    def __init__(self) -> None:
        self.number = 0
        self._both_have_read = threading.Barrier(2, timeout=30)

    def count(self) -> int:
        """Return one, when both threads are here."""
        self._both_have_read.wait()
        return 1

    def add(self) -> None:
        """Read the number, call, add, and write; at the call the GIL may change hands."""
        self.number += self.count()


def count_to_two() -> int:
    """Return the number after two threads have added one each."""
    tally = Tally()
    threads = [threading.Thread(target=tally.add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally.number


# endregion lose
