"""Trap: an operation on a handful of rows costs as many tasks as one on millions."""

from __future__ import annotations

from typing import Any


# region question
def question(frame: Any) -> dict[int, float]:
    """Return the thinnest reading of each member, whatever the frame is made of."""
    thinnest = frame.groupby("member")["thickness"].min()
    return thinnest.to_dict()


# endregion question
