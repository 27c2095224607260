"""The job with Spark: a plan in the JVM, whose few rows come back at the end."""

from __future__ import annotations

from pathlib import Path

import pandas
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


# region join
def join(folder: Path) -> pandas.DataFrame:
    """Return orders, goods, cents and mean discount of each region and segment, sorted."""
    spark = SparkSession.getActiveSession()
    orders = spark.read.parquet(f"{folder}/orders")
    customers = spark.read.parquet(f"{folder}/customers.parquet")
    return (
        orders.join(customers, "customer")
        .groupBy("region", "segment")
        .agg(
            F.count("*").alias("orders"),
            F.sum("quantity").alias("quantity"),
            F.sum("cents").alias("cents"),
            F.avg("discount").alias("discount"),
        )
        .orderBy(F.asc_nulls_last("region"), "segment")
        .toPandas()
    )


# endregion join
