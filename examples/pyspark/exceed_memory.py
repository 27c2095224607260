"""A task that asks for more memory than its Python worker may have."""

from __future__ import annotations

from pathlib import Path

from examples.pyspark.count_attempts import mark


# region hoard
def hoard(number: int, marks: Path, gigabytes: int = 8) -> int:
    """Ask for memory that `spark.executor.pyspark.memory` does not grant."""
    mark(marks, number)
    return len(bytearray(gigabytes * 10**9))


# endregion hoard
