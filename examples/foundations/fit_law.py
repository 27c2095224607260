"""Fit the Universal Scalability Law to a few speed-ups, and see how little they say.

The book itself fits with :mod:`examples.measure.analysis.laws`: from times, with bounds and intervals.  This is the
idea of it in a few lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


# region fit
def fit_usl(workers: Sequence[int], speedups: Sequence[float]) -> tuple[float, float]:
    """Return contention and coherency of the law through *speedups* against one worker.

    n/S - 1 = contention (n - 1) + coherency n (n - 1) is linear in both, so least squares need no starting values.
    """
    n = np.asarray(workers, dtype=float)
    columns = np.column_stack((n - 1, n * (n - 1)))
    (contention, coherency), *_ = np.linalg.lstsq(columns, n / np.asarray(speedups) - 1, rcond=None)
    return float(contention), float(coherency)


# endregion fit
