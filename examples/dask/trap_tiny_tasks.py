"""Trap: one task a reading pays the scheduler once a reading; one task a hundred readings pays it once a hundred."""

from __future__ import annotations

from distributed import Client


def loss(thickness: float, nominal: float = 13.0) -> float:
    """Return the wall loss in mm: far less work than the scheduling of a task."""
    return nominal - thickness


def losses(thicknesses: list[float]) -> list[float]:
    """Return the wall loss of each of a batch of readings."""
    return [loss(thickness) for thickness in thicknesses]


# region submit
def one_task_each(client: Client, thicknesses: list[float]) -> list[float]:
    """Submit a task for every reading."""
    return client.gather(client.map(loss, thicknesses, pure=False))


def in_batches(client: Client, thicknesses: list[float]) -> list[float]:
    """Submit a task for every hundred readings."""
    starts = range(0, len(thicknesses), 100)
    batches = [thicknesses[start : start + 100] for start in starts]
    results = client.gather(client.map(losses, batches, pure=False))
    return [value for batch in results for value in batch]


# endregion submit
