"""Two threads that add one to the same number, with the turn between reading and writing arranged, not left to luck."""

from __future__ import annotations

import threading


# region lose
class Tally:
    """A number that two threads increase; each reads it, both meet, each writes what it read plus one."""

    def __init__(self) -> None:
        self.number = 0
        self._both_have_read = threading.Barrier(2, timeout=30)

    def add_one(self) -> None:
        """What ``tally.number += 1`` does: read, add, write; the GIL may change hands between any two."""
        seen = self.number
        self._both_have_read.wait()
        self.number = seen + 1


def count_to_two() -> int:
    """Return the number after two threads have added one each."""
    tally = Tally()
    threads = [threading.Thread(target=tally.add_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally.number


# endregion lose
