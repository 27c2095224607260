"""Cross-checks of ``multiprocessing.Pool`` and of pickle against ``pyperf timeit`` in a process of its own."""

from __future__ import annotations

import os
import pickle
import statistics
from collections.abc import Callable, Iterator
from typing import Any

from examples.measure.adapter import Adapter
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
)
from examples.measure.pyperf_timeit import Timeit

#: Bytes that are pickled, and how often in one of our samples.  A result of a megabyte would be a check of the memory
#: allocator: with or without page faults, as the process has freed such a block before or not, and thirty times apart.
PICKLED, PICKLES = 10**5, 50


def checks(plan: Plan) -> Iterator[Check]:
    """Yield round trip and stream of the pool, the stream without batches, and both directions of pickle."""
    setup = (
        "import multiprocessing",
        "from examples.measure.tasks import nothing",
        f"pool = multiprocessing.Pool({plan.workers})",
        "pool.map(nothing, range(100))",
    )
    teardown = "pool.terminate(); pool.join()"
    single = Timeit("pool.apply(nothing)", 300, setup, teardown)
    pools: dict[str, Any] = {"fresh": True, "samples": POOLS}
    yield against(plan, single, "task_cost.roundtrip", roundtrip(plan, POOL_ROUNDTRIPS), **pools)
    for variant, statement, loops in (
        ("", f"pool.map(nothing, range({STREAM}))", 200),
        ("unbatched", f"pool.map(nothing, range({STREAM}), chunksize=1)", 5),
    ):
        many = Timeit(statement, loops, setup, teardown, operations=STREAM)
        yield against(plan, many, "task_cost.stream", stream(plan), STREAMED, variant=variant, **pools)
    payload = os.urandom(PICKLED)
    pickled = pickle.dumps(payload, protocol=5)
    for what, call, statement in (
        ("pickle.dumps", lambda: pickle.dumps(payload, protocol=5), "pickle.dumps(payload, protocol=5)"),
        ("pickle.loads", lambda: pickle.loads(pickled), "pickle.loads(pickled)"),
    ):
        tool = Timeit(
            statement,
            10_000,
            (
                "import os, pickle",
                f"payload = os.urandom({PICKLED})",
                "pickled = pickle.dumps(payload, protocol=5)",
            ),
        )
        yield against(plan, tool, what, _mean(plan, call))


def _mean(plan: Plan, call: Callable[[], object]) -> Callable[[Adapter], float]:
    """Return a function that needs no engine: the clock of the harness around a call that every reader can time."""
    return lambda engine: statistics.fmean(plan.seconds(call, warm=call) for _ in range(PICKLES))
