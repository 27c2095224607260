"""Trap: driver and workers run different versions of Python."""

from __future__ import annotations

from pyspark import SparkContext


# region claim
def run_as(context: SparkContext, version: str) -> list[str]:
    """Run one task for a driver that says it is Python *version*."""
    own, context.pythonVer = context.pythonVer, version
    try:
        return context.parallelize([1], 1).map(str).collect()
    finally:
        context.pythonVer = own


# endregion claim
