"""The CPU shape of the shared job, as elements of an RDD and as rows of a dataframe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from examples.workload.inspection import Summary, inspect_batch

if TYPE_CHECKING:
    import pandas
    from pyspark import SparkContext
    from pyspark.sql import SparkSession


# region rdd
def with_rdd(context: SparkContext, numbers: range) -> list[Summary]:
    """Summarise each batch in a task of its own."""
    return context.parallelize(numbers, len(numbers)).map(inspect_batch).collect()


# endregion rdd


# region frames
SCHEMA = "count long, minimum double, mean double, thinnest_member long"


def with_frames(spark: SparkSession, numbers: range) -> list[Summary]:
    """Summarise the batches whose numbers stand in a column."""
    batches = spark.range(numbers.start, numbers.stop)
    rows = batches.mapInPandas(summarise_frames, SCHEMA).collect()
    return [row.asDict() for row in rows]


def summarise_frames(frames: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
    """Turn each piece of a partition, a pandas dataframe, into another."""
    import pandas

    for frame in frames:
        yield pandas.DataFrame([inspect_batch(int(number)) for number in frame["id"]])


# endregion frames
