"""The job with Modin: the pandas program with another import."""

from __future__ import annotations

from pathlib import Path

import modin.pandas
import pandas


# region join
def join(folder: Path) -> pandas.DataFrame:
    """Return orders, goods, cents and mean discount of each region and segment, sorted."""
    orders = modin.pandas.read_parquet(folder / "orders", columns=["customer", "quantity", "cents", "discount"])
    customers = modin.pandas.read_parquet(folder / "customers.parquet", columns=["customer", "region", "segment"])
    return (
        orders.merge(customers, on="customer")
        .groupby(["region", "segment"], dropna=False, as_index=False)
        .agg(
            orders=("cents", "size"),
            quantity=("quantity", "sum"),
            cents=("cents", "sum"),
            discount=("discount", "mean"),
        )
        .sort_values(["region", "segment"], ignore_index=True)
        .modin.to_pandas()
    )


# endregion join
