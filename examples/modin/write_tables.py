"""Write the two Parquet tables of the chapter with pandas: readings, and the members that they belong to."""

from __future__ import annotations

from pathlib import Path

import pandas

from examples.workload.table import make_table

MEMBERS = 20


def write_tables(folder: Path, batches: int = 8) -> None:
    """Write ``readings.parquet``, a row group a batch, and ``members.parquet`` to *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    readings = make_table(batches)
    readings.to_parquet(folder / "readings.parquet", row_group_size=len(readings) // batches, index=False)
    numbers = range(MEMBERS)
    members = pandas.DataFrame(
        {
            "member": numbers,
            "zone": ["splash" if number % 3 else "deck" for number in numbers],
            "nominal": [13.0 if number % 2 else 12.7 for number in numbers],
        }
    )
    members.to_parquet(folder / "members.parquet", index=False)
