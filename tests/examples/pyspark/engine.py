"""Around the PySpark page and its tests: nothing of the machine's own Spark or Java, and no JVM left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

#: For JVMs that live a minute: they start sooner, and write no file of statistics to /tmp.
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData"


def engine(home: Path) -> Iterator[None]:
    """Set the environment for Spark before, stop session and JVM after; the page starts them itself."""
    for name in [name for name in os.environ if name.startswith(("SPARK_", "PYSPARK_", "JAVA_", "HADOOP_"))]:
        del os.environ[name]
    # A JVM does not look at TMPDIR, and one that is killed leaves its files where it put them.
    os.environ["JDK_JAVA_OPTIONS"] = f"{JAVA_OPTIONS} -Djava.io.tmpdir={home / 'tmp'}"
    from examples.pyspark.measure import stop_spark

    try:
        yield
    finally:
        stop_spark()
