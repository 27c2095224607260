"""The shared business job, whole: its CPU shape, and a mix of CPU work and waiting for pages.

``shared_job`` inspects batches in pure Python that holds the GIL.
``mixed`` does the same with half as many batches and fetches as many pages from a local server that takes a set time
to answer, in a process of its own; each kind is spread evenly over the other.
``sequential`` is a plain loop in a fresh interpreter without the engine; ``parallel`` is one call of the engine with
its usual settings.
Every sample's answers are compared with the known ones after the clock stopped.
It shows what a reader can hope for on this job and this machine; your own job has other parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from examples.measure import plain
from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.probes.answers import expect
from examples.measure.serve import serving
from examples.measure.tasks import JOB_READINGS, inspect, inspect_or_fetch

#: Batches of the shared job; batches and pages of the mixed job; seconds in which the server answers.
JOB_BATCHES, MIXED_BATCHES, PAGES, LATENCY = 64, 32, 32, 0.05

#: Samples of the shared job and of the mixed job in one pass of the full effort.
SAMPLES, MIXED_SAMPLES = 3, 1


def groups(plan: Plan) -> Iterator[Group]:
    """Yield the CPU shape and the mixed job, sequential and every variant in one group each.

    The quick effort takes the first alone.
    """
    yield Group("shared_job", lambda adapters: _shared_job(plan, adapters), plan.workers)
    # The pages are on this machine, where a reader's cluster cannot fetch them.
    if not plan.address and plan.effort.thorough:
        yield Group("mixed", lambda adapters: _mixed(plan, adapters), plan.workers)


def _shared_job(plan: Plan, adapters: dict[str, Adapter]) -> Iterator[Probe]:
    numbers = list(range(JOB_BATCHES))
    parameters = {"batches": JOB_BATCHES, "readings": JOB_READINGS, "workers": plan.workers}

    def parallel(adapter: Adapter) -> float:
        answers: list[Any] = []
        seconds = plan.seconds(lambda: answers.extend(adapter.many(inspect, numbers)))
        expect(adapter, "the shared job", answers, summaries(JOB_BATCHES))
        return seconds

    yield from _pair(
        "shared_job",
        "the CPU shape of the shared job",
        lambda: plain.in_fresh_interpreter(JOB_BATCHES, JOB_READINGS),
        {variant: partial(parallel, adapter) for variant, adapter in adapters.items()},
        plan.effort.count(SAMPLES, 1),
        parameters,
        warmups=1,
    )


def _mixed(plan: Plan, adapters: dict[str, Adapter]) -> Iterator[Probe]:
    parameters = {
        "batches": MIXED_BATCHES,
        "pages": PAGES,
        "latency": LATENCY,
        "readings": JOB_READINGS,
        "workers": plan.workers,
    }

    def sequential() -> float:
        with serving(LATENCY) as url:
            seconds, answers = plain.mixed_in_fresh_interpreter(url, MIXED_BATCHES, PAGES)
        if answers != mixed_answers():
            raise RuntimeError("the mixed job in a plain loop gave a wrong answer")
        return seconds

    def parallel(adapter: Adapter) -> float:
        answers: list[Any] = []
        with serving(LATENCY) as url:
            items = plain.mixed_items(url, MIXED_BATCHES, PAGES)
            seconds = plan.seconds(lambda: answers.extend(adapter.many(inspect_or_fetch, items)))
        expect(adapter, "the mixed job", answers, mixed_answers())
        return seconds

    yield from _pair(
        "mixed",
        "CPU batches and page fetches",
        sequential,
        {variant: partial(parallel, adapter) for variant, adapter in adapters.items()},
        plan.effort.count(MIXED_SAMPLES, 1),
        parameters,
        warmups=0,
    )


def _pair(
    name: str,
    job: str,
    sequential: Callable[[], float],
    parallel: dict[str, Callable[[], float]],
    count: int,
    parameters: dict[str, Any],
    warmups: int,
) -> Iterator[Probe]:
    """Yield the probe of *job* in a plain loop and that of each variant; *warmups* of the variants are not kept."""
    loop = f"{job} in a plain loop, in an interpreter without the engine"
    yield Probe(f"{name}.sequential", "s", sequential, count, loop, warmups=0, parameters=parameters)
    for variant, take in parallel.items():
        what = f"{job} on the engine, usual settings"
        yield Probe(named(variant, f"{name}.parallel"), "s", take, count, what, warmups, parameters)


@cache
def summaries(batches: int) -> list[dict[str, float]]:
    """Return the right answers of the CPU shape."""
    return [inspect(number) for number in range(batches)]


def mixed_answers() -> list[Any]:
    """Return the right answers of the mixed job in the order of its items; page *n* has ``100 + n`` bytes."""
    items = plain.mixed_items("", MIXED_BATCHES, PAGES)
    batches = summaries(MIXED_BATCHES)
    return [100 + int(item.rpartition("/")[2]) if isinstance(item, str) else batches[item] for item in items]
