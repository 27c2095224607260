"""The three laws of speed-up, each one line of arithmetic."""

from __future__ import annotations

import math


# region laws
def amdahl(serial: float, workers: float) -> float:
    """Return the speed-up of a job of fixed size; *serial* is the share of its time with one worker."""
    return 1 / (serial + (1 - serial) / workers)


def gustafson(serial: float, workers: float) -> float:
    """Return the speed-up of a job that grew with the workers; *serial* is the share of its time with all of them."""
    return serial + (1 - serial) * workers


def usl(contention: float, coherency: float, workers: float) -> float:
    """Return the speed-up of a job of fixed size whose workers queue for one place and agree in pairs."""
    return workers / (1 + contention * (workers - 1) + coherency * workers * (workers - 1))


def peak(contention: float, coherency: float) -> float:
    """Return the number of workers beyond which :func:`usl` falls."""
    return math.sqrt((1 - contention) / coherency)


# endregion laws
