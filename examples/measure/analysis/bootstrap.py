"""Confidence intervals by resampling.

Timings are skewed and come in few numbers, so that no formula for a normal distribution fits; the percentile
bootstrap (``scipy.stats.bootstrap`` with ``method="percentile"``, here in two stages) assumes none.  SciPy's default,
BCa, corrects for bias with a jackknife, which fails for medians of few samples.  Samples of one pass resemble one
another more than those of two passes, because the machine's state drifts.  So whole passes are drawn first, the same
ones for all points of a quantity, and samples within them second: what varies between passes then counts, and what
made all points of a pass slow cancels in ratios.

The interval says how much the quantity would move if the measurement were repeated on the same machine in the same
way.  It does not cover a wrong model or another machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from examples.measure.analysis.quantity import Point

#: Resamples for an interval; its ends move by far less than its width from 400 to 4,000.
DRAWS = 1000
#: Least number of samples of each point for an interval; the least that the harness takes in a pass.
LEAST = 3

_SEED = 20261124


def medians(chosen: Sequence[Point], name: str, draws: int = DRAWS) -> np.ndarray | None:
    """Return resampled medians of each point, shape (*draws*, number of points), in the points' units.

    None where a point has fewer than :data:`LEAST` samples.  *name* is the quantity's: its random numbers follow from
    it alone, so that a quantity does not change when another is added.
    """
    if any(point.samples.size < LEAST for point in chosen):
        return None
    random = np.random.default_rng([_SEED, zlib.crc32(name.encode())])
    picks: dict[int, np.ndarray] = {}
    columns = []
    for point in chosen:
        number = len(point.passes)
        if number not in picks:
            picks[number] = random.integers(number, size=(draws, number))
        columns.append(_resampled(point, picks[number], random))
    return np.column_stack(columns)


def _resampled(point: Point, pick: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the medians of samples drawn with replacement from the passes in *pick*, one for each of its rows."""
    counts = np.asarray(point.passes)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    size = counts[pick]  # (draws, passes)
    place = random.random((*pick.shape, counts.max())) * size[:, :, None]
    values = point.samples[(starts[pick][:, :, None] + place.astype(int)).reshape(len(pick), -1)]
    if counts.min() == counts.max():
        return np.median(values, axis=1)
    kept = (np.arange(counts.max()) < size[:, :, None]).reshape(len(pick), -1)
    return np.nanmedian(np.where(kept, values, np.nan), axis=1)


def interval(values: np.ndarray | None) -> tuple[float | None, float | None]:
    """Return the ends of the 95 % percentile interval; None for an end at infinity or without values."""
    if values is None or not len(values):
        return None, None
    low, high = np.quantile(values, [0.025, 0.975], method="nearest")
    return (float(low) if np.isfinite(low) else None), (float(high) if np.isfinite(high) else None)
