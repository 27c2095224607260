"""Trap: an exception that pickle cannot build again ends the pool's result thread, and every call waits forever."""

from __future__ import annotations

import multiprocessing


# region trap
class ReadingError(Exception):
    """Its arguments are not what it hands on: pickle calls it again with the one text."""

    def __init__(self, member: int, thickness: float) -> None:
        super().__init__(f"member {member}: {thickness} mm")


# endregion trap
# region fix
class PortableReadingError(Exception):
    """It hands on its arguments, and makes the text when it is asked for."""

    def __init__(self, member: int, thickness: float) -> None:
        super().__init__(member, thickness)

    def __str__(self) -> str:
        return "member {}: {} mm".format(*self.args)


# endregion fix


def inspect(error: type[Exception]) -> None:
    """Raise *error*."""
    raise error(7, 2.5)


def report(error: type[Exception]) -> str:
    """Return what the caller of a pool gets from a task that raises *error*."""
    pool = multiprocessing.Pool(1)  # not in a with block: its end fails too once the result thread has ended
    answer = pool.apply_async(inspect, (error,))
    try:
        answer.get(timeout=2)
    except multiprocessing.TimeoutError:
        return f"{error.__name__}: no answer"
    except error as raised:
        pool.close()
        pool.join()
        return f"{error.__name__}: {raised}"
    return "no error"


if __name__ == "__main__":
    for kind in (PortableReadingError, ReadingError):
        print(report(kind))
