"""The job with Ray Data: blocks that stream through tasks, joined and grouped by a shuffle."""

from __future__ import annotations

from pathlib import Path

import pandas
import ray
from ray.data.aggregate import Count, Mean, Sum


# region join
def join(folder: Path, partitions: int = 2) -> pandas.DataFrame:
    """Return orders, goods, cents and mean discount of each region and segment, sorted."""
    orders = ray.data.read_parquet(f"{folder}/orders", columns=["customer", "quantity", "cents", "discount"])
    customers = ray.data.read_parquet(f"{folder}/customers.parquet", columns=["customer", "region", "segment"])
    grouped = (
        orders.join(customers, "inner", partitions, on=("customer",))
        .groupby(["region", "segment"], num_partitions=partitions)
        .aggregate(
            Count(alias_name="orders"),
            Sum("quantity", alias_name="quantity"),
            Sum("cents", alias_name="cents"),
            Mean("discount", alias_name="discount"),
        )
        .to_pandas()
    )
    return grouped.sort_values(["region", "segment"], ignore_index=True)


# endregion join
