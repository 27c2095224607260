"""The job with Dask: the pandas program, in partitions, at once when ``compute`` is called."""

from __future__ import annotations

from pathlib import Path

import dask.dataframe as dd
import pandas


# region join
def join(folder: Path) -> pandas.DataFrame:
    """Return orders, goods, cents and mean discount of each region and segment, sorted."""
    orders = dd.read_parquet(folder / "orders", columns=["customer", "quantity", "cents", "discount"])
    customers = dd.read_parquet(folder / "customers.parquet", columns=["customer", "region", "segment"])
    return (
        orders.merge(customers, on="customer")
        .groupby(["region", "segment"], dropna=False)
        .agg(
            orders=("cents", "size"),
            quantity=("quantity", "sum"),
            cents=("cents", "sum"),
            discount=("discount", "mean"),
        )
        .compute()
        .reset_index()
        .sort_values(["region", "segment"], ignore_index=True)
    )


# endregion join
