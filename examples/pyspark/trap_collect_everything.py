"""Trap: ``collect`` brings every partition to the driver at once; ``toLocalIterator`` brings one at a time."""

from __future__ import annotations

from pyspark import SparkContext


# region collect
def page(number: int) -> bytes:
    """Return a megabyte that stands for the rows of one partition."""
    return bytes(10**6)


def collect_everything(context: SparkContext, partitions: int) -> int:
    """Add up the sizes in the driver, from a list of all of it."""
    return sum(len(one) for one in context.parallelize(range(partitions), partitions).map(page).collect())


def one_at_a_time(context: SparkContext, partitions: int) -> int:
    """Add up the sizes in the driver, while it holds one partition."""
    pages = context.parallelize(range(partitions), partitions).map(page)
    return sum(len(one) for one in pages.toLocalIterator())


def add_up_there(context: SparkContext, partitions: int) -> int:
    """Add up the sizes where the data are; the driver gets a number."""
    return context.parallelize(range(partitions), partitions).map(page).map(len).sum()


# endregion collect
