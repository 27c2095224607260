"""What a worker knows of its parent's variables depends on the start method."""

from __future__ import annotations

import multiprocessing

# region state
SETTINGS = {"unit": "mm"}


def unit() -> str:
    """Return the unit that this process knows."""
    return SETTINGS["unit"]


def unit_in_worker(method: str) -> str:
    """Return the unit that a worker knows which was started by *method*."""
    with multiprocessing.get_context(method).Pool(1) as pool:
        return pool.apply(unit)


# endregion state
