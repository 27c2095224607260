"""CPU shape of the shared job: summarise batches of inspection readings in pure Python.

The generator is a linear congruential one written out here, so that the readings are the same on every
Python version and platform; ``random`` promises that only for some of its methods.
"""

from __future__ import annotations

import math

READINGS_PER_BATCH = 2_000

Batch = list[tuple[int, float]]
Summary = dict[str, float]


def make_batch(number: int, readings: int = READINGS_PER_BATCH) -> Batch:
    """Return batch *number*: ``readings`` pairs ``(member, wall thickness in mm)``.

    Members are numbered 0–19; thickness is between 8.000 and 12.999 mm in steps of 0.001 mm.
    """
    state = 12_345 + 7_919 * number
    batch = []
    for _ in range(readings):
        state = (1_103_515_245 * state + 12_345) % 2**31
        member = (state >> 8) % 20
        state = (1_103_515_245 * state + 12_345) % 2**31
        batch.append((member, 8 + (state >> 8) % 5_000 / 1_000))
    return batch


def make_batches(count: int, readings: int = READINGS_PER_BATCH) -> list[Batch]:
    """Return *count* batches, numbered from 0."""
    return [make_batch(number, readings) for number in range(count)]


def summarise(batch: Batch) -> Summary:
    """Return count, minimum, mean (mm, to 6 decimals) and the member with the thinnest mean wall.

    Pure Python on purpose: it holds the GIL from start to end.
    ``math.fsum`` rounds once, so that the mean is the same on every Python; ``sum`` of floats changed in 3.12.
    """
    totals: dict[int, float] = {}
    counts: dict[int, int] = {}
    for member, thickness in batch:
        totals[member] = totals.get(member, 0.0) + thickness
        counts[member] = counts.get(member, 0) + 1
    means = {member: totals[member] / counts[member] for member in totals}
    thinnest = min(means, key=lambda member: (means[member], member))
    return {
        "count": len(batch),
        "minimum": min(thickness for _, thickness in batch),
        "mean": round(math.fsum(thickness for _, thickness in batch) / len(batch), 6),
        "thinnest_member": thinnest,
    }


def inspect_batch(number: int, readings: int = READINGS_PER_BATCH) -> Summary:
    """Make batch *number* where the work is done and summarise it: a small argument, a small answer."""
    return summarise(make_batch(number, readings))
