"""A program that joins a Dask cluster: ``python -m examples.modin.join_cluster tcp://127.0.0.1:8786``."""

from __future__ import annotations

import sys

# region join
import modin.config
import modin.pandas as pd
from dask.distributed import Client

from examples.workload.answers import GROUPS
from examples.workload.table import group, make_table


def main(address: str) -> None:
    """Group the shared table on the cluster at *address*."""
    with Client(address) as client:
        modin.config.Engine.put("Dask")
        grouped = group(pd.DataFrame(make_table(8)))
        threads = client.ncores().values()
        right = dict(zip(grouped.index, grouped.itertuples(index=False, name=None), strict=True)) == GROUPS
        print(f"{len(threads)} workers, {sum(threads)} threads, {modin.config.NPartitions.get()} partitions, {right}")


# endregion join

if __name__ == "__main__":
    main(sys.argv[1])
