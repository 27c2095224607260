"""Trap: two threads take two locks in opposite order, and wait for each other for good.

``python -m examples.threading.trap_deadlock`` hangs until its watchdog ends it; with ``--ordered`` the repair.
"""

from __future__ import annotations

import faulthandler
import sys
import threading
from collections.abc import Callable


class Tank:
    """A level, and the lock that guards it."""

    def __init__(self, name: str, level: int) -> None:
        self.name, self.level, self.lock = name, level, threading.Lock()


# region mistake
def move(source: Tank, target: Tank, amount: int, between: Callable[[], object]) -> None:
    """Move *amount* from one tank to the other; *between* is called between the two locks."""
    with source.lock:
        between()
        with target.lock:
            source.level -= amount
            target.level += amount


# endregion mistake


# region fix
def move_in_order(source: Tank, target: Tank, amount: int, between: Callable[[], object]) -> None:
    """The same, but every thread takes the locks in the order of the names."""
    first, second = sorted((source, target), key=lambda tank: tank.name)
    with first.lock:
        between()
        with second.lock:
            source.level -= amount
            target.level += amount


# endregion fix


def move_both_ways(move: Callable[..., None], between: Callable[[], object]) -> tuple[int, int]:
    """Return the levels after one thread moved 10 from A to B and another 30 from B to A."""
    tank_a, tank_b = Tank("A", 100), Tank("B", 100)
    threads = [
        threading.Thread(target=move, args=(tank_a, tank_b, 10, between)),
        threading.Thread(target=move, args=(tank_b, tank_a, 30, between)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tank_a.level, tank_b.level


# region watchdog
def watch() -> None:
    """In two seconds from now show where every thread stands, and end the program."""
    faulthandler.dump_traceback_later(2, exit=True)


# endregion watchdog

if __name__ == "__main__":
    if "--ordered" in sys.argv:
        print(move_both_ways(move_in_order, between=lambda: None))
    else:
        # Each thread has its first lock before either asks for its second; from then on the time counts.
        print(move_both_ways(move, between=threading.Barrier(2, action=watch).wait))
