"""Trap: a task changes its input array in place, which fails once the array is large enough to be memory-mapped."""

from __future__ import annotations

import numpy


# region trap
def center_in_place(thickness: numpy.ndarray) -> float:
    """Subtract the mean from *thickness* itself and return the largest deviation."""
    thickness -= thickness.mean()
    return float(abs(thickness).max())


# endregion trap


# region fix
def center(thickness: numpy.ndarray) -> float:
    """Return the largest deviation from the mean and leave *thickness* alone."""
    return float(abs(thickness - thickness.mean()).max())


# endregion fix


def total(array: numpy.ndarray) -> float:
    """Return the sum of *array*, which may be a memory map."""
    return float(array.sum())


def kind(array: numpy.ndarray) -> str:
    """Return the class of *array* as the worker sees it."""
    return type(array).__name__
