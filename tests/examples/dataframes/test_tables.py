"""The tables are the same each time, and what they say they are."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute
from pyarrow import parquet

from examples.dataframes.make_tables import make_tables


def test_same_arguments_same_tables(home: Path) -> None:
    first, second = (make_tables(home / name, 3_000, 1_000) for name in ("first", "second"))
    for name in ("orders", "customers.parquet"):
        assert parquet.read_table(first / name).equals(parquet.read_table(second / name))


def test_sizes_and_missing_values(home: Path) -> None:
    folder = make_tables(home / "sizes", 10_500, 1_000)
    orders, customers = parquet.read_table(folder / "orders"), parquet.read_table(folder / "customers.parquet")
    assert len(list((folder / "orders").iterdir())) == 11
    assert (orders.num_rows, customers.num_rows) == (10_500, 210)
    assert orders["order"].to_pylist() == list(range(10_500))
    assert 50 < orders["customer"].null_count < 200
    assert pyarrow.compute.max(orders["customer"]).as_py() < 210
    assert 0 < customers["region"].null_count < 210
    assert customers["customer"].null_count == 0


def test_the_customer_without_a_number(home: Path) -> None:
    customers = parquet.read_table(make_tables(home / "unknown", 1_000, unknown=True) / "customers.parquet")
    assert customers.slice(20).to_pylist() == [
        {"customer": None, "region": "unknown", "segment": "home", "name": "nobody"}
    ]
