"""A join and a group-by over Parquet files: the table of readings, and a small table of members."""

from __future__ import annotations

from pathlib import Path

import pandas
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from examples.workload.table import make_table


# region write
def write_tables(folder: Path) -> tuple[str, str]:
    """Write readings in four files and nominal thicknesses in one; return their paths."""
    readings, members = folder / "readings", folder / "members.parquet"
    readings.mkdir()
    table = make_table(8)
    for part in range(4):
        table[table["batch"] % 4 == part].to_parquet(readings / f"{part}.parquet")
    nominal = pandas.DataFrame({"member": range(20), "nominal": 13.0})
    nominal.to_parquet(members)
    return str(readings), str(members)


# endregion write


# region query
def losses(spark: SparkSession, readings: str, members: str) -> DataFrame:
    """Return count, mean thickness and mean loss of each member, as a plan."""
    joined = spark.read.parquet(readings).join(spark.read.parquet(members), "member")
    return (
        joined.groupBy("member")
        .agg(
            F.count("*").alias("readings"),
            F.round(F.avg("thickness"), 6).alias("mean"),
            F.round(F.avg(F.col("nominal") - F.col("thickness")), 6).alias("loss"),
        )
        .orderBy("member")
    )


# endregion query
