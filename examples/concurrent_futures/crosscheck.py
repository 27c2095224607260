"""Cross-checks of the executors of ``concurrent.futures`` against ``pyperf timeit`` in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

from examples.measure.probe import Plan
from examples.measure.probes.crosscheck import STREAM, Check, roundtrip, stream, unwarmed
from examples.measure.pyperf_timeit import Timeit

#: Executor by variant, with the loops of one value: long enough for the clock, short enough for the pass.
EXECUTORS = {"": ("ProcessPoolExecutor", 300, 3), "threads": ("ThreadPoolExecutor", 3_000, 20)}


def checks(plan: Plan) -> Iterator[Check]:
    """Yield round trip and stream of each executor, and the round trip as it was before the checks."""
    for variant, (executor, trips, streams) in EXECUTORS.items():
        setup = (
            f"from concurrent.futures import {executor}",
            "from examples.measure.tasks import nothing",
            f"pool = {executor}({plan.workers})",
            "list(pool.map(nothing, range(100)))",
        )
        single = Timeit("pool.submit(nothing).result()", trips, setup, "pool.shutdown()")
        many = Timeit(f"list(pool.map(nothing, range({STREAM})))", streams, setup, "pool.shutdown()", operations=STREAM)
        yield Check(
            what="task_cost.roundtrip",
            variant=variant,
            ours=roundtrip(plan),
            theirs=lambda engine, tool=single: tool.seconds(plan.home),
            tool=single.command(),
            differs="ours is the mean of round trips timed one by one, theirs that of a loop",
        )
        yield Check(
            what="task_cost.unwarmed",
            variant=variant,
            ours=unwarmed(plan),
            theirs=lambda engine, tool=single: tool.seconds(plan.home),
            tool=single.command(),
            differs="ours is the mean of round trips timed one by one, each straight after a garbage collection; "
            "theirs that of a loop",
        )
        yield Check(
            what="task_cost.stream",
            variant=variant,
            ours=stream(plan),
            theirs=lambda engine, tool=many: tool.seconds(plan.home),
            tool=many.command(),
            differs="ours is one stream, theirs the mean of several in a row",
        )
