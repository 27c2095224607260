"""Make the two tables of the page: orders in many Parquet files, customers in one, the same for the same arguments."""

from __future__ import annotations

from pathlib import Path

import numpy
import pyarrow
from pyarrow import parquet

SEED = 20261127

#: Orders for each customer, on average, and orders in a file.
ORDERS_EACH, FILE_ROWS = 50, 1_000_000
REGIONS = ("north", "east", "south", "west", None)
SEGMENTS = ("home", "office", "public")


# region tables
def make_tables(folder: Path, rows: int, file_rows: int = FILE_ROWS, *, unknown: bool = False) -> Path:
    """Write *rows* orders below ``orders/`` and their customers to ``customers.parquet``; return *folder*.

    With *unknown*, one customer more has no number, in the region "unknown": a key that is missing on both sides.
    """
    customers = max(1, rows // ORDERS_EACH)
    (folder / "orders").mkdir(parents=True)
    parquet.write_table(make_customers(customers, SEED, unknown), folder / "customers.parquet")
    for part, start in enumerate(range(0, rows, file_rows)):
        table = make_orders(start, min(rows, start + file_rows), customers, SEED + 1 + part)
        parquet.write_table(table, folder / "orders" / f"{part:04}.parquet", row_group_size=file_rows // 4)
    return folder


def make_orders(start: int, stop: int, customers: int, seed: int) -> pyarrow.Table:
    """Return the orders from *start* to *stop*; one in a hundred has no customer."""
    random, size = numpy.random.default_rng(seed), stop - start
    return pyarrow.table(
        {
            "order": numpy.arange(start, stop),
            "customer": pyarrow.array(random.integers(0, customers, size), mask=random.random(size) < 0.01),
            "quantity": random.integers(1, 10, size, dtype=numpy.int32),
            "cents": random.integers(100, 100_000, size),
            "discount": random.integers(0, 30, size) / 100,
        }
    )


def make_customers(customers: int, seed: int, unknown: bool) -> pyarrow.Table:
    """Return the customers: a region, which one in five lacks, a segment, and a name that the job never reads."""
    random = numpy.random.default_rng(seed)
    table = pyarrow.table(
        {
            "customer": numpy.arange(customers),
            "region": [REGIONS[number] for number in random.integers(0, len(REGIONS), customers)],
            "segment": [SEGMENTS[number] for number in random.integers(0, len(SEGMENTS), customers)],
            "name": [f"customer {number}" for number in range(customers)],
        }
    )
    row = {"customer": None, "region": "unknown", "segment": "home", "name": "nobody"}
    return pyarrow.concat_tables([table, pyarrow.Table.from_pylist([row], table.schema)]) if unknown else table


# endregion tables
