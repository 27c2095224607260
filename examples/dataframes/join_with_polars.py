"""The job with Polars: one lazy plan, of which the streaming engine reads only what it needs."""

from __future__ import annotations

from pathlib import Path

import pandas
import polars


# region join
def join(folder: Path) -> pandas.DataFrame:
    """Return orders, goods, cents and mean discount of each region and segment, sorted."""
    orders = polars.scan_parquet(folder / "orders")
    customers = polars.scan_parquet(folder / "customers.parquet")
    return (
        orders.join(customers, on="customer")
        .group_by("region", "segment")
        .agg(
            polars.len().alias("orders"),
            polars.sum("quantity", "cents"),
            polars.mean("discount"),
        )
        .sort("region", "segment", nulls_last=True)
        .collect(engine="streaming")
        .to_pandas()
    )


# endregion join
