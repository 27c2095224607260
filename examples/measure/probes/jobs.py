"""Jobs that no model is fitted to: they test whether a model predicts what it has not seen.

Each is a number of equal tasks with some work, some bytes in and some bytes out, as readers have them: many tiny tasks,
few large ones, much data in, much data out, and what lies between.
Their sizes are none that another probe measures.
The engine is warm; the wall time is that of the whole job with the engine's usual settings.
How many tasks a job has depends on the engine, by a pilot, so that a job ends within a few seconds on a slow one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.probes import pilot
from examples.measure.probes.answers import expect
from examples.measure.tasks import job

#: Samples in one pass of the full effort.
SAMPLES = 1
#: Seconds that a job is meant to take (half as many in the quick effort), and bytes per second for that estimate.
SECONDS, BANDWIDTH = 0.5, 2e8
#: Bytes that the payloads of one job may have together.
MOST_BYTES = 300_000_000


@dataclass(frozen=True)
class Job:
    """One job: seconds of work in a task, bytes in and out of it, and the most tasks that it may have."""

    grain: float
    bytes_in: int
    bytes_out: int
    most: int
    description: str


JOBS = {
    "a": Job(0.0001, 0, 0, 3_000, "many tiny tasks"),
    "b": Job(0.0015, 3_000, 3_000, 1_000, "small tasks with a little data"),
    "c": Job(0.05, 0, 0, 48, "few large tasks"),
    "d": Job(0.003, 3_000_000, 0, 64, "much data in"),
    "e": Job(0.003, 0, 3_000_000, 64, "much data out"),
    "f": Job(0.01, 300_000, 30_000, 200, "tasks of middle size with data in and out"),
    "g": Job(0.12, 20_000_000, 2_000_000, 8, "few large tasks with large data"),
}


def groups(plan: Plan) -> Iterator[Group]:
    """Yield one group a job, all variants in it: what large data leave behind, no other job pays for."""
    for letter, item in JOBS.items():
        yield Group(f"job.{letter}", _builder(plan, letter, item), plan.workers)


def _builder(plan: Plan, letter: str, item: Job) -> Callable[[dict[str, Adapter]], Iterator[Probe]]:
    def build(adapters: dict[str, Adapter]) -> Iterator[Probe]:
        kernel = pilot.kernel(plan)
        iterations = kernel.iterations(item.grain)
        seconds = SECONDS if plan.effort.thorough else SECONDS / 2
        for variant, adapter in adapters.items():
            cost = pilot.cost(plan, variant, adapter)
            tasks = pilot.remember(
                plan, f"job.{letter}.{variant}", lambda cost=cost: number_of_tasks(item, plan.workers, cost, seconds)
            )
            # A few tasks first: the workers have then made the bytes that they give back.
            _run(plan, adapter, item, iterations, 2 * plan.workers)
            yield Probe(
                named(variant, f"job.{letter}"),
                "s",
                lambda adapter=adapter, tasks=tasks: _run(plan, adapter, item, iterations, tasks),
                plan.effort.count(SAMPLES, 1),
                item.description,
                warmups=0,
                parameters={
                    "tasks": tasks,
                    "grain": kernel.seconds(iterations),
                    "bytes_in": item.bytes_in,
                    "bytes_out": item.bytes_out,
                    "workers": plan.workers,
                },
            )

    return build


def number_of_tasks(item: Job, workers: int, cost: float, seconds: float) -> int:
    """Return how many tasks of *item* take about *seconds* on an engine that takes *cost* for an empty one."""
    moved = item.bytes_in + item.bytes_out
    each = cost + item.grain / workers + moved / BANDWIDTH
    most = min(item.most, MOST_BYTES // moved) if moved else item.most
    return max(2 * workers, min(most, round(seconds / each)))


def _run(plan: Plan, adapter: Adapter, item: Job, iterations: int, tasks: int) -> float:
    """Return the seconds of one run; each task has bytes of its own, as an engine may send the same ones only once."""
    orders = [(iterations, os.urandom(item.bytes_in), item.bytes_out) for _ in range(tasks)]
    sizes: list[int] = []
    seconds = plan.seconds(lambda: sizes.extend(len(answer) for answer in adapter.many(job, orders)))
    expect(adapter, item.description, sizes, [item.bytes_out] * tasks)
    return seconds
