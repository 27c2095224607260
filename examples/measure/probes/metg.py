"""Minimum effective task granularity: how much work a task needs before the engine is worth its cost.

As in Task Bench (Slaughter et al., SC 2020): a fixed number of tasks, and the work in each shrinks from sample to
sample.
A sample is the wall time of all tasks; where efficiency falls below one half is computed when the results are read
(:mod:`examples.measure.analysis`).

* ``independent``: tasks that need nothing of one another, given to the engine at once with its usual settings.
* ``stencil``: rows of tasks, each of which takes the results of up to three neighbors of the row before, for engines
  that have dependencies between tasks.

The work is :func:`examples.measure.tasks.work`: one call of C code that releases the GIL, so that threads are compared
with processes fairly, and that takes a time in proportion to its iterations.
The time of a call and of one iteration is calibrated in a fresh interpreter, at sizes from one iteration to thousands
that lie on a line.
The call and one iteration are the floor below which there is no point: 2.3 µs on the machine that this was written on,
where an iteration takes 0.2 µs.
Points are powers of two of a microsecond.
A pilot finds where they have to begin and end for this engine: it doubles the work until the rate of useful work hardly
rises, or a sample would take too long, and halves it until efficiency is clearly below one half.
Later passes take the same points.

It does not show what more workers or other machines would change, nor work that holds the GIL.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from examples.measure.adapter import Adapter
from examples.measure.plain import Kernel
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.probes import pilot
from examples.measure.probes.answers import expect
from examples.measure.tasks import cell, work

#: Microseconds of work in a task.
LADDER = tuple(2**power for power in range(18))
#: Tasks in a sweep, unless the adapter declares ``metg_tasks``, and columns of the stencil for each worker.
TASKS, COLUMNS = 256, 8
#: Samples of a point in one pass of the full effort, by the seconds that an ideal engine takes at most; :data:`SHORT`
#: stands below.
SAMPLES = {0.05: 5, 0.25: 2, math.inf: 1}
#: Seconds that one sample may take, with the full and with the quick effort.
LONGEST, LONGEST_QUICK = 5.0, 1.5
#: The pilot goes up until two doublings together raise the rate by less than :data:`FLAT`, and down until the rate is
#: below :data:`LOW` of the best; up at least to :data:`SPAN` times the work that first reached half of the best, lest
#: an interruption looks like the end of the rise.  It takes the better of two samples of less than :data:`SHORT`
#: seconds.
FLAT, LOW, SPAN, SHORT = 1.06, 0.3, 8, 0.25


def groups(plan: Plan) -> Iterator[Group]:
    """Yield one group a pattern, with all variants that have it; the quick effort takes independent tasks alone."""
    yield Group("metg.independent", lambda adapters: _build(plan, adapters, Independent), plan.workers)
    dependent = tuple(variant for variant, kind in plan.kinds.items() if hasattr(kind, "stencil"))
    if dependent and plan.effort.thorough:
        yield Group("metg.stencil", lambda adapters: _build(plan, adapters, Stencil), plan.workers, dependent)


@dataclass(frozen=True)
class Independent:
    """Tasks that need nothing of one another."""

    tasks: int
    workers: int
    pattern = "independent"
    description = "wall time of independent tasks that each work this long"

    @property
    def total(self) -> int:
        """Number of tasks."""
        return self.tasks

    def run(self, adapter: Adapter, iterations: int) -> list[int]:
        """Run the tasks and return their answers."""
        return adapter.many(work, [iterations] * self.tasks)

    def answers(self, iterations: int) -> list[int]:
        """Return the right answers."""
        return [work(iterations)] * self.tasks


@dataclass(frozen=True)
class Stencil:
    """Rows of tasks, each of which depends on up to three of the row before."""

    tasks: int
    workers: int
    pattern = "stencil"
    description = "wall time of a stencil whose tasks each work this long"

    @property
    def width(self) -> int:
        """Tasks in a row: enough that no worker waits for another row."""
        return COLUMNS * self.workers

    @property
    def steps(self) -> int:
        """Rows, at least two, so that there is a dependency."""
        return max(2, round(self.tasks / self.width))

    @property
    def total(self) -> int:
        """Number of tasks."""
        return self.width * self.steps

    def run(self, adapter: Any, iterations: int) -> list[int]:
        """Run the rows and return the answers of the last."""
        return adapter.stencil(cell, iterations, self.width, self.steps)

    def answers(self, iterations: int) -> list[int]:
        """Return the right answers, from rows computed here without the work."""
        row = [cell(1) for _ in range(self.width)]
        for _ in range(self.steps - 1):
            row = [cell(1, *row[max(0, column - 1) : column + 2]) for column in range(self.width)]
        return row


Pattern = Independent | Stencil


def _build(plan: Plan, adapters: dict[str, Adapter], kind: type[Pattern]) -> Iterator[Probe]:
    kernel = pilot.kernel(plan)
    for variant, adapter in adapters.items():
        pattern = kind(_tasks(plan, variant, adapter), plan.workers)
        expect(adapter, f"the pattern {pattern.pattern}", pattern.run(adapter, 1), pattern.answers(1))
        sample = _sampler(plan, adapter, pattern)
        points = pilot.remember(
            plan,
            f"metg.{pattern.pattern}.{variant}",
            lambda variant=variant, adapter=adapter, sample=sample, pattern=pattern: choose(
                sample, kernel, pattern, pilot.cost(plan, variant, adapter), longest(plan)
            ),
        )
        for microseconds in points:
            iterations = kernel.iterations(microseconds * 1e-6)
            ideal = pattern.total * kernel.seconds(iterations) / plan.workers
            yield Probe(
                named(variant, f"metg.{pattern.pattern}.{microseconds}us"),
                "s",
                lambda sample=sample, iterations=iterations: sample(iterations),
                plan.effort.count(next(count for most, count in SAMPLES.items() if ideal < most), 1),
                pattern.description,
                warmups=0,  # the first run and, in the first pass, the pilot warmed the engine
                parameters={
                    "tasks": pattern.total,
                    "workers": plan.workers,
                    "grain": kernel.seconds(iterations),
                    "pattern": pattern.pattern,
                },
            )


def _tasks(plan: Plan, variant: str, adapter: Adapter) -> int:
    """Return the tasks of a sweep: fewer where empty ones would take so long that the sweep could not go up."""
    declared = getattr(adapter, "metg_tasks", TASKS)
    affordable = int(longest(plan) / SPAN / pilot.cost(plan, variant, adapter))
    return pilot.remember(plan, f"metg.tasks.{variant}", lambda: max(2 * plan.workers, min(declared, affordable)))


def _sampler(plan: Plan, adapter: Adapter, pattern: Pattern) -> Callable[[int], float]:
    answers: dict[int, list[int]] = {}

    def sample(iterations: int) -> float:
        if iterations not in answers:
            answers[iterations] = pattern.answers(iterations)
        got: list[int] = []
        seconds = plan.seconds(lambda: got.extend(pattern.run(adapter, iterations)))
        expect(adapter, f"the pattern {pattern.pattern}", got, answers[iterations])
        return seconds

    return sample


def longest(plan: Plan) -> float:
    """Return the seconds that one sample may take."""
    return LONGEST if plan.effort.thorough else LONGEST_QUICK


def choose(sample: Callable[[int], float], kernel: Kernel, pattern: Pattern, cost: float, most: float) -> list[int]:
    """Return the points of a sweep in microseconds, found by a pilot.

    *sample* runs the pattern with that many iterations and returns its wall time; *cost* is about what an empty task
    takes among many, in seconds; *most* is the longest that a sample may take, in seconds.
    """
    ladder = [step for step in LADDER if step * 1e-6 >= kernel.floor]
    rates: dict[int, float] = {}

    def measure(index: int) -> float:
        """Measure one point, keep its rate of useful work and return the wall time."""
        iterations = kernel.iterations(ladder[index] * 1e-6)
        wall = sample(iterations)
        if wall < SHORT:
            wall = min(wall, sample(iterations))
        rates[index] = pattern.total * kernel.seconds(iterations) / wall
        return wall

    # An engine that hands out tasks one by one is half efficient at about this work in a task, or at half of it.
    balanced = cost * pattern.workers
    first = max((index for index, step in enumerate(ladder) if step * 1e-6 <= balanced / 4), default=0)
    index = first
    wall = measure(index)
    while index + 1 < len(ladder) and 2 * wall <= most:
        index += 1
        wall = measure(index)
        best = max(rates.values())
        half = min(index for index, rate in rates.items() if rate >= best / 2)
        if ladder[index] >= SPAN * ladder[half] and rates[index] < FLAT * rates[index - 2]:
            break
    while first > 0 and rates[first] > LOW * max(rates.values()):
        first -= 1
        measure(first)
    best = max(rates.values())
    low = [index for index, rate in rates.items() if rate <= LOW * best]
    # One point more than the one that is clearly below, for the eye.
    return [ladder[index] for index in sorted(rates) if index >= max(low, default=0) - 1]
