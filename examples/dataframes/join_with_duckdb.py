"""The job with DuckDB: a statement in SQL over the files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas

# region join
QUERY = """
select region, segment, count(*) as orders, sum(quantity) as quantity, sum(cents) as cents, avg(discount) as discount
from read_parquet($orders) join read_parquet($customers) using (customer)
group by all
order by region nulls last, segment
"""


def join(folder: Path) -> pandas.DataFrame:
    """Return orders, goods, cents and mean discount of each region and segment, sorted."""
    files = {"orders": f"{folder}/orders/*.parquet", "customers": f"{folder}/customers.parquet"}
    return duckdb.execute(QUERY, files).df()


# endregion join
