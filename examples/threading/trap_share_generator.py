"""Trap: two threads that take the next item from one generator at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any


def slow_pages(inside: threading.Event, go_on: threading.Event) -> Iterator[int]:
    """Yield page numbers; say when the first is being made, and make it only when told."""
    inside.set()
    go_on.wait(timeout=60)
    yield from range(3)


# region fix
class Shared:
    """An iterator that hands each item of *items* to one thread."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items, self.lock = iter(items), threading.Lock()

    def __iter__(self) -> Shared:
        return self

    def __next__(self) -> Any:
        with self.lock:
            return next(self.items)


# endregion fix


def ask_twice(wrap: Any = iter) -> list[Any]:
    """Return what two threads get that ask one generator for its next item, the second while the first waits for it."""
    inside, go_on = threading.Event(), threading.Event()
    pages = wrap(slow_pages(inside, go_on))
    got: list[Any] = []

    def ask() -> None:
        try:
            got.append(next(pages))
        except ValueError as error:
            got.append(str(error))
            go_on.set()

    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    inside.wait(timeout=60)
    second.start()
    if wrap is not iter:  # the second waits for the lock: let the first finish
        go_on.set()
    for thread in (first, second):
        thread.join()
    return got
