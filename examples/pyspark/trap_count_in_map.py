"""Trap: an accumulator in a transformation counts each run of it; in an action it counts once."""

from __future__ import annotations

from pyspark import SparkContext


# region count
def count_in_map(context: SparkContext, numbers: range) -> int:
    """Count in a transformation that two actions run."""
    seen = context.accumulator(0)

    def note(number: int) -> int:
        seen.add(1)
        return number

    noted = context.parallelize(numbers).map(note)
    noted.sum()
    noted.max()
    return seen.value


def count_in_action(context: SparkContext, numbers: range) -> int:
    """Count in an action of its own."""
    seen = context.accumulator(0)
    context.parallelize(numbers).foreach(lambda _: seen.add(1))
    return seen.value


# endregion count
