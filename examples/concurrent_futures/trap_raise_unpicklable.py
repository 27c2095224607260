"""Trap: an exception that cannot be rebuilt from its pickle breaks the whole process pool."""

from __future__ import annotations


# region trap
class ReadingError(Exception):
    def __init__(self, member: int, thickness: float) -> None:
        super().__init__(f"member {member}: {thickness} mm")  # pickled with one argument, rebuilt with two


# endregion trap


# region fix
class PicklableReadingError(Exception):
    def __init__(self, member: int, thickness: float) -> None:
        super().__init__(member, thickness)  # what __init__ takes

    def __str__(self) -> str:
        return "member {}: {} mm".format(*self.args)


# endregion fix


def fail_with(error: type[Exception]) -> None:
    """Raise an *error* about a thin member."""
    raise error(7, 6.5)
