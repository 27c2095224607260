"""How wall time changes with the number of workers: a job that needs cores, and one that only waits.

* ``scaling.cpu.strong``: the same batches of the shared job on more and more workers, up to twice as many as there
  are cores, to see what too many do.
* ``scaling.cpu.weak``: as many batches for each worker, so that the time should stay the same; not with the quick
  effort.
* ``scaling.wait.strong``: tasks that only sleep.
  They need no core, so what keeps them from scaling is the engine: how it hands out tasks and collects results.
  That shows on a machine of two cores too.

The number of tasks divides evenly by the numbers of workers, so that no worker is idle in a last round.
An engine is started for each number of workers, in random order; its workers have all run a task before the clock runs.
The points with 3, 6, 12 and 16 workers are held out of the fits, to see whether the fitted law predicts them.
It does not show cores that share memory bandwidth or a clock, beyond what this machine's do, nor a second machine.
"""

from __future__ import annotations

import math
import os
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.probes import pilot
from examples.measure.probes.answers import expect
from examples.measure.tasks import JOB_READINGS, inspect, pause, pause_where

#: Workers of the job that waits: what the full and the quick effort take.
WAITING, WAITING_QUICK = (1, 2, 3, 4, 6, 8, 12, 16), (1, 2, 4)
#: Workers of the job that needs cores, as far as there are cores.
COMPUTING = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
#: Points that no law is fitted to.
HELD_OUT = frozenset({3, 6, 12, 16})
#: Tasks that wait, and how long each does, in seconds.
WAITS, WAIT = 96, 0.02
#: Seconds in which an engine may start its workers.
PATIENCE = 20.0
#: Batches of the shared job on up to 32 workers, and for each worker where the job grows with them.
BATCHES, BATCHES_EACH = 96, 32
#: Samples in one pass of the full effort, and where even an ideal engine takes :data:`SHORT` seconds or more.
SAMPLES, LONG_SAMPLES, SHORT = 2, 1, 0.35


def groups(plan: Plan) -> Iterator[Group]:
    """Yield one group for each number of workers; none for the reader's own cluster, which has the number it has."""
    if plan.address:
        return
    waiting = set(WAITING if plan.effort.thorough else WAITING_QUICK)
    computing = {workers for workers in COMPUTING if workers < plan.cores} | {plan.cores}
    if plan.effort.thorough:
        computing.add(2 * plan.cores)
    numbers = sorted(waiting | computing)
    random.shuffle(numbers)
    for workers in numbers:
        yield Group(f"scaling.{workers}", _builder(plan, workers, workers in waiting, workers in computing), workers)


def _builder(
    plan: Plan, workers: int, waiting: bool, computing: bool
) -> Callable[[dict[str, Adapter]], Iterator[Probe]]:
    def build(adapters: dict[str, Adapter]) -> Iterator[Probe]:
        for variant, adapter in adapters.items():
            wake(plan, adapter, workers)
            if waiting:
                yield _probe(plan, variant, "wait.strong", workers, WAITS, WAIT, _wait(plan, adapter))
            if computing:
                grain = pilot.batch_seconds(plan)
                modes = {"strong": strong(plan.cores), "weak": BATCHES_EACH * workers}
                for mode, tasks in modes.items():
                    if mode == "weak" and not plan.effort.thorough:
                        continue
                    yield _probe(plan, variant, f"cpu.{mode}", workers, tasks, grain, _compute(plan, adapter, tasks))

    return build


def wake(plan: Plan, adapter: Adapter, workers: int) -> None:
    """Let tasks sleep until each of *workers* has run one: some engines start a worker when they first want it.

    After :data:`PATIENCE` seconds it goes on with those that there are.
    """
    here = os.getpid(), threading.get_ident()
    began = plan.now()
    while plan.now() - began < PATIENCE:
        found = set(adapter.many(pause_where, [WAIT] * 2 * workers))
        if len(found) >= workers or found == {here}:
            return


DESCRIPTIONS = {
    "wait.strong": "tasks that only sleep, as many on every number of workers",
    "cpu.strong": "batches of the shared job, as many on every number of workers",
    "cpu.weak": "batches of the shared job, as many for each worker",
}


def _probe(
    plan: Plan, variant: str, what: str, workers: int, tasks: int, grain: float, take: Callable[[], float]
) -> Probe:
    ideal = tasks * grain / (min(workers, plan.cores) if what.startswith("cpu") else workers)
    parameters = {"workers": workers, "tasks": tasks, "grain": grain, "held_out": workers in HELD_OUT}
    if workers > plan.cores and what.startswith("cpu"):
        parameters["oversubscribed"] = True
    return Probe(
        named(variant, f"scaling.{what}.{workers}"),
        "s",
        take,
        plan.effort.count(SAMPLES if ideal < SHORT else LONG_SAMPLES, 1),
        DESCRIPTIONS[what],
        warmups=0,
        parameters=parameters,
    )


def strong(cores: int) -> int:
    """Return the batches of the job that is the same on every number of workers: six or more for each of the most."""
    return BATCHES * math.ceil(2 * cores / 32)


def _wait(plan: Plan, adapter: Adapter) -> Callable[[], float]:
    def take() -> float:
        got: list[float] = []
        seconds = plan.seconds(lambda: got.extend(adapter.many(pause, [WAIT] * WAITS)))
        expect(adapter, "tasks that wait", got, [WAIT] * WAITS)
        return seconds

    return take


def _compute(plan: Plan, adapter: Adapter, tasks: int) -> Callable[[], float]:
    def take() -> float:
        got: list[Any] = []
        seconds = plan.seconds(lambda: got.extend(adapter.many(inspect, list(range(tasks)))))
        expect(adapter, "the shared job", [answer["count"] for answer in got], [JOB_READINGS] * tasks)
        return seconds

    return take
