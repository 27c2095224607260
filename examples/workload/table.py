"""Dataframe shape of the shared job: mean and count of wall thickness by member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from examples.workload.inspection import make_batch

if TYPE_CHECKING:
    import pandas


def make_table(batches: int) -> pandas.DataFrame:
    """Return the readings of *batches* batches as a dataframe: ``batch``, ``member``, ``thickness`` (mm)."""
    import pandas

    rows = [(number, member, mm) for number in range(batches) for member, mm in make_batch(number)]
    return pandas.DataFrame(rows, columns=["batch", "member", "thickness"])


def group(table: pandas.DataFrame) -> pandas.DataFrame:
    """Return ``count`` and ``mean`` (mm, to 6 decimals) of ``thickness``, indexed by ``member`` in order."""
    grouped = table.groupby("member")["thickness"].agg(["count", "mean"]).sort_index()
    return grouped.round(6)
