"""Cross-checks of Celery against ``pyperf timeit``, through the broker and the worker that the harness started.

The wheel of Celery contains no benchmark.  Its repository has one, ``t/benchmarks/bench_worker.py``, which times how
fast one process sends empty tasks without a result; that loop, with one producer for all, is done again for
``task_cost.unanswered``.  (Its other half times a worker inside the process that has sent them, with settings of its
own: no acknowledgment, transient messages, the solo pool.)
"""

from __future__ import annotations

from collections.abc import Iterator

from examples.celery.measure import INTERVAL, UNANSWERED
from examples.measure.probe import Plan
from examples.measure.probes.crosscheck import LOOPED, STREAM, STREAMED, Check, extra, roundtrip, stream
from examples.measure.pyperf_timeit import Timeit

#: A task that is waited for: as a statement, and at the end of others behind which it stands in the queue.
ONE = "app.send_task('call', (nothing, ())).get()"


def checks(plan: Plan) -> Iterator[Check]:
    """Yield the round trip, a stream, and the sender's cost of a task without a result."""
    many = "app.signature('call', (nothing, (number,)))"
    unanswered = "app.send_task('call_unanswered', (nothing, (number,)), ignore_result=True, producer=producer)"
    for what, ours, statement, differs in (
        ("task_cost.roundtrip", roundtrip(plan, trips=100), Timeit(ONE, 200, teardown=ONE, values=1), LOOPED),
        (
            "task_cost.stream",
            stream(plan),
            Timeit(
                f"group({many} for number in range({STREAM})).apply_async().get(interval={INTERVAL})",
                2,
                teardown=ONE,
                values=1,
                warmups=0,
                operations=STREAM,
            ),
            STREAMED,
        ),
        (
            "task_cost.unanswered",
            extra("task_cost.unanswered"),
            Timeit(f"[{unanswered} for number in range({UNANSWERED})]", 1, (), ONE, 1, 0, UNANSWERED),
            "theirs, the loop of bench_worker.py, holds one producer; ours takes one from the pool for each task",
        ),
    ):
        yield Check(
            what=what,
            ours=ours,
            theirs=lambda engine, tool=statement: _through(tool, engine.url).seconds(plan.home),
            tool=_through(statement, "redis://127.0.0.1/0").command(),
            differs=differs,
            samples=3,
        )


def _through(tool: Timeit, url: str) -> Timeit:
    """Return *tool* with a client of the broker at *url* before it."""
    setup = (
        "from celery import Celery, group",
        "from examples.celery.answer_calls import SETTINGS",
        "from examples.measure.tasks import nothing",
        f"app = Celery('theirs', broker='{url}', backend='{url}')",
        "app.conf.update(SETTINGS)",
        "producer = app.producer_pool.acquire(block=True)",
        ONE,
    )
    return Timeit(tool.statement, tool.loops, setup, tool.teardown, tool.values, tool.warmups, tool.operations)
