"""Cross-checks of PySpark against ``pyperf timeit``, which starts a local Spark of its own.

PySpark's own benchmarks stand in ``python/benchmarks`` of its repository, for ASV, and in no wheel; they time functions
in a query and the conversion to pandas, and nothing of what is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator

from examples.measure.probe import Plan
from examples.measure.probes.crosscheck import LOOPED, STREAM, STREAMED, Check, against, roundtrip, stream
from examples.measure.pyperf_timeit import Timeit


def checks(plan: Plan) -> Iterator[Check]:
    """Yield an action over one empty task, and one over a stream of them."""
    spark = (
        "import os, pathlib, tempfile",
        "from examples.measure.tasks import nothing",
        "from examples.pyspark.write_settings import settings",
        "os.environ.update(settings(pathlib.Path(tempfile.mkdtemp())))",
        "from pyspark.sql import SparkSession",
        f"spark = SparkSession.builder.master('local[{plan.workers}]').getOrCreate()",
        "context = spark.sparkContext",
        # A JVM that has compiled nothing yet takes several times as long.
        "for _ in range(30): context.parallelize([0], 1).map(nothing).collect()",
        # Only a job of several partitions starts the Python workers of all slots.
        f"for _ in range(5): context.parallelize(range({STREAM})).map(nothing).collect()",
    )
    for what, ours, tool, differs in (
        (
            "task_cost.roundtrip",
            roundtrip(plan, trips=20),
            Timeit("context.parallelize([0], 1).map(nothing).collect()", 20, spark, "spark.stop()", 1, 0),
            LOOPED,
        ),
        (
            "task_cost.stream",
            stream(plan),
            Timeit(
                f"context.parallelize(range({STREAM})).map(nothing).collect()", 5, spark, "spark.stop()", 1, 0, STREAM
            ),
            STREAMED,
        ),
    ):
        yield against(plan, tool, what, ours, differs, samples=3)
