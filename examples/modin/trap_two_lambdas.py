"""Trap: two unnamed functions on one column in a named aggregation; the second answer stands in both columns."""

from __future__ import annotations

from typing import Any


# region lambdas
def with_lambdas(readings: Any) -> Any:
    """Count thin and thick readings of each member."""
    return readings.groupby("member").agg(
        thin=("thickness", lambda wall: int((wall < 9).sum())),
        thick=("thickness", lambda wall: int((wall > 12).sum())),
    )


def with_columns(readings: Any) -> Any:
    """Count the same by sums of columns, which need no functions."""
    thin, thick = readings["thickness"] < 9, readings["thickness"] > 12
    marked = readings.assign(thin=thin, thick=thick)
    return marked.groupby("member")[["thin", "thick"]].sum()


# endregion lambdas
