"""What one task costs when it does nothing: alone, and in a stream.

``roundtrip`` submits one empty task and waits for its result: the latency that a caller feels.
``stream`` gives the engine many at once with its usual settings and divides the wall time by their number: the cost
that bounds throughput, after whatever batching the engine does of its own accord.
The engine is warm, and the workers are idle otherwise: before each sample a few tasks run untimed.
Neither shows what a task with data costs (that is ``payload``), nor what the engine's processes cost the other programs
on the machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.probes.pilot import cost, remember, roundtrip
from examples.measure.tasks import nothing

#: Round trips in one pass of the full effort, and the seconds that they may take.
ROUNDTRIPS, ROUNDTRIP_SECONDS = 40, 10.0
#: Tasks in a stream, and the seconds that one may take.
STREAM_TASKS, STREAM_SECONDS = 1_000, 4.0
#: Streams in one pass of the full effort, at least and at most, and the seconds that more than the least may take.
STREAMS, MOST_STREAMS, STREAMS_SECONDS = 2, 20, 1.0
#: Tasks in the short streams that run untimed before one: enough for every worker to get some.
WARM_TASKS = 20


def groups(plan: Plan) -> Iterator[Group]:
    """Yield one group for each of the two, all variants in it."""
    yield Group("task_cost.roundtrip", lambda adapters: _roundtrips(plan, adapters), plan.workers)
    yield Group("task_cost.stream", lambda adapters: _streams(plan, adapters), plan.workers)


def _roundtrips(plan: Plan, adapters: dict[str, Adapter]) -> Iterator[Probe]:
    for variant, adapter in adapters.items():
        affordable = int(ROUNDTRIP_SECONDS / roundtrip(plan, variant, adapter))
        yield Probe(
            named(variant, "task_cost.roundtrip"),
            "s",
            lambda adapter=adapter: trip(plan, adapter),
            max(2, min(plan.effort.count(ROUNDTRIPS, least=10), affordable)),
            "one empty task, submitted and waited for",
            warmups=min(5, max(1, affordable)),
        )


def _streams(plan: Plan, adapters: dict[str, Adapter]) -> Iterator[Probe]:
    for variant, adapter in adapters.items():
        affordable = int(STREAM_SECONDS / cost(plan, variant, adapter))
        each = cost(plan, variant, adapter)
        tasks = remember(plan, f"task_cost.tasks.{variant}", lambda most=affordable: max(4, min(STREAM_TASKS, most)))
        yield Probe(
            named(variant, "task_cost.stream"),
            "s",
            lambda adapter=adapter, tasks=tasks: stream(plan, adapter, tasks),
            plan.effort.count(max(STREAMS, min(MOST_STREAMS, int(STREAMS_SECONDS / each / tasks))), least=1),
            "wall time per empty task in a stream of tasks, usual settings",
            parameters={"tasks": tasks, "workers": plan.workers},
        )


def trip(plan: Plan, adapter: Adapter) -> float:
    """Return the seconds of one round trip of an empty task."""
    return plan.seconds(lambda: adapter.one(nothing), warm=lambda: adapter.one(nothing))


def stream(plan: Plan, adapter: Adapter, tasks: int) -> float:
    """Return the seconds per empty task in a stream of *tasks*."""
    numbers = list(range(tasks))
    few = numbers[:WARM_TASKS]
    return plan.seconds(lambda: adapter.many(nothing, numbers), warm=lambda: adapter.many(nothing, few)) / tasks
