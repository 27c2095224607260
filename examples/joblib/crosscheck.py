"""Cross-checks of joblib against ``pyperf timeit`` in a process of its own.

joblib's repository times ``Parallel`` over tasks that do nearly nothing too (``benchmarks/bench_auto_batching.py``).
No release ships that script: the stream here has its shape, a generator of delayed calls with batches left to joblib.
"""

from __future__ import annotations

from collections.abc import Iterator

from examples.joblib.measure import DICTIONARY_ENTRIES
from examples.measure.probe import Plan
from examples.measure.probes.crosscheck import STREAMED, Check, against, extra, roundtrip, stream
from examples.measure.pyperf_timeit import Timeit

#: Tasks in a stream: a call ends at a tick of 10 ms, which decides the figure of a short one.
STREAM = 5_000
#: Backend by variant, with the loops of one value.
BACKENDS = {"": ("loky", 20, 2), "threading": ("threading", 20, 2)}


def checks(plan: Plan) -> Iterator[Check]:
    """Yield round trip and stream of two backends, and pickle."""
    for variant, (backend, trips, streams) in BACKENDS.items():
        parallel = f"Parallel(n_jobs={plan.workers}, backend={backend!r})"
        setup = (
            "from joblib import Parallel, delayed",
            "from examples.measure.tasks import nothing",
            f"{parallel}(delayed(nothing)(number) for number in range(100))",
        )
        single = Timeit(f"{parallel}([delayed(nothing)()])", trips, setup)
        many = Timeit(
            f"{parallel}(delayed(nothing)(number) for number in range({STREAM}))", streams, setup, operations=STREAM
        )
        yield against(plan, single, "task_cost.roundtrip", roundtrip(plan), variant=variant)
        yield against(
            plan,
            many,
            "task_cost.stream",
            stream(plan, STREAM),
            STREAMED,
            variant=variant,
        )
    tool = Timeit(
        "pickle.dumps(dictionary)",
        5,
        ("import pickle", f"dictionary = dict(zip(range({DICTIONARY_ENTRIES}), range({DICTIONARY_ENTRIES})))"),
    )
    yield against(plan, tool, "serialization.pickle", extra("serialization.pickle", count=5))
