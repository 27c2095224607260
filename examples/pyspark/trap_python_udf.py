"""Trap: a Python function in a query sends every row to another process and back; an expression stays in the JVM."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


# region loss
def loss(thickness: float) -> float:
    """Return the wall loss in mm."""
    return 13.0 - thickness


def pickled(readings: DataFrame) -> DataFrame:
    """Call Python for each row, in pickled batches: the default before Spark 4.2."""
    return readings.select(F.udf(loss, "double", useArrow=False)("thickness").alias("loss"))


def through_arrow(readings: DataFrame) -> DataFrame:
    """Call Python for each row, in columns of Arrow: the default since Spark 4.2."""
    return readings.select(F.udf(loss, "double")("thickness").alias("loss"))


def in_the_jvm(readings: DataFrame) -> DataFrame:
    """Say it as an expression: no Python at all."""
    return readings.select((13.0 - F.col("thickness")).alias("loss"))


# endregion loss
