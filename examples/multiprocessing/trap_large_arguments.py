"""Trap: a large object that all tasks need is pickled for each message; an initializer sends it once a worker."""

from __future__ import annotations


# region trap
class Limits:
    """The least thickness of every member; counts how often it was pickled."""

    pickled = 0

    def __init__(self, members: int) -> None:
        self.least = dict.fromkeys(range(members), 8.0)

    def __getstate__(self) -> dict:
        Limits.pickled += 1
        return self.__dict__


def least(limits: Limits, member: int) -> float:
    """Return the limit of *member*."""
    return limits.least[member]


# endregion trap
# region fix
_limits: Limits


def keep(limits: Limits) -> None:
    """Initializer: keep *limits* in this worker for all its tasks."""
    global _limits
    _limits = limits


def least_kept(member: int) -> float:
    """Return the limit of *member*, from what this worker keeps."""
    return _limits.least[member]


# endregion fix
