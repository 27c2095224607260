"""Trap: a partition is a task, however little is in it."""

from __future__ import annotations

from pyspark import RDD, SparkContext


# region partitions
def loss(thickness: float, nominal: float = 13.0) -> float:
    """Return the wall loss in mm: far less work than the scheduling of a task."""
    return nominal - thickness


def one_reading_each(context: SparkContext, thicknesses: list[float]) -> RDD:
    """Cut the list into as many partitions as readings."""
    return context.parallelize(thicknesses, len(thicknesses)).map(loss)


def one_partition_a_core(context: SparkContext, thicknesses: list[float]) -> RDD:
    """Leave the number of partitions to Spark."""
    return context.parallelize(thicknesses).map(loss)


# endregion partitions
