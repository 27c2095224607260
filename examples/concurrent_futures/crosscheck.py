"""Cross-checks of the executors of ``concurrent.futures`` against ``pyperf timeit`` in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from examples.measure.probe import Plan
from examples.measure.probes.crosscheck import (
    POOL_ROUNDTRIPS,
    POOLS,
    STREAM,
    STREAMED,
    Check,
    against,
    roundtrip,
    stream,
    unwarmed,
)
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
        settings: dict[str, Any] = {"variant": variant, "fresh": True, "samples": POOLS}
        yield against(plan, single, "task_cost.roundtrip", roundtrip(plan, POOL_ROUNDTRIPS), **settings)
        yield against(
            plan,
            single,
            "task_cost.unwarmed",
            unwarmed(plan, POOL_ROUNDTRIPS),
            "ours is the mean of calls timed one by one, each straight after a collection of garbage, theirs of a loop",
            **settings,
        )
        yield against(plan, many, "task_cost.stream", stream(plan), STREAMED, **settings)
