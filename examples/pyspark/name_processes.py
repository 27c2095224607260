"""What runs on this machine beside your program, once a local Spark has had work."""

from __future__ import annotations

import contextlib

import psutil


# region processes
def spark_processes() -> set[str]:
    """Return the roles of the processes that Spark has started for this program."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if "org.apache.spark.deploy.SparkSubmit" in process.cmdline():
                found.add("JVM")
            elif "pyspark.daemon" in process.cmdline():
                forked = "pyspark.daemon" in process.parent().cmdline()
                found.add("Python worker" if forked else "Python daemon")
    return found


# endregion processes
