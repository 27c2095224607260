"""Around the page on dataframes and its tests: nothing of the machine's own Spark, Java, Ray or Dask is seen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

OTHERS = ("SPARK_", "PYSPARK_", "JAVA_", "HADOOP_", "MODIN_", "DASK_", "RAY_")

#: For JVMs that live a minute: they start sooner, and write no file of statistics to /tmp.
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData"


def engine(home: Path) -> Iterator[None]:
    """Set the environment; every library runs in a child that ends with its job."""
    for name in [name for name in os.environ if name.startswith(OTHERS)]:
        del os.environ[name]
    os.environ |= {"JDK_JAVA_OPTIONS": JAVA_OPTIONS, "RAY_USAGE_STATS_ENABLED": "0"}
    yield
