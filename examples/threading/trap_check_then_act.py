"""Trap: what a thread has checked may no longer be so when it acts on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


# region mistake
class Session:
    """Makes its client when it is first asked for it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        self.client = None

    def get(self) -> Any:
        """Return the client."""
        if self.client is None:  # several threads can get here before the first has made one
            self.client = self.make()
        return self.client


# endregion mistake


# region fix
class LockedSession(Session):
    """The same, right."""

    def __init__(self, make: Callable[[], Any]) -> None:
        super().__init__(make)
        self.lock = threading.Lock()

    def get(self) -> Any:
        """Return the client."""
        with self.lock:  # check and act are one step now
            return super().get()


# endregion fix


def clients_made(kind: type[Session], threads: int, overlap: bool) -> int:
    """Return how many clients a session makes that *threads* threads ask for one.

    With *overlap* each making waits until all threads are making one, which shows the race in every run.
    """
    all_inside = threading.Barrier(threads)
    made = []

    def make() -> object:
        if overlap:
            all_inside.wait(timeout=60)
        made.append(object())
        return made[-1]

    session = kind(make)
    asking = [threading.Thread(target=session.get) for _ in range(threads)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return len(made)
