"""One object for each thread: a connection, a parser, a random generator that must not be shared."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


# region each
class OneEach:
    """What *make* makes, once for each thread, when the thread first asks."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make, self.own = make, threading.local()

    def get(self) -> Any:
        """Return this thread's object."""
        if not hasattr(self.own, "made"):  # no race: nobody else sees this thread's attributes
            self.own.made = self.make()
        return self.own.made


# endregion each
