"""Cross-checks: the harness's number beside that of a tool which others wrote, taken in turn in the same run.

A system's ``crosscheck.py`` names its checks; a system without that module has none.
"""

from __future__ import annotations

import importlib
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.probes import task_cost
from examples.measure.pyperf_timeit import Timeit
from examples.measure.tasks import nothing

#: Round trips of which one sample of :func:`roundtrip` is the mean, as many as fit :data:`SECONDS`, and tasks in one
#: sample of :func:`stream`.
ROUNDTRIPS, SECONDS, STREAM = 300, 1.0, 1_000
#: Pools that a check with :attr:`Check.fresh` starts on each side, and the round trips in each.
POOLS, POOL_ROUNDTRIPS = 12, 100

#: How ours and theirs differ where a tool repeats a call in a loop, or a stream.
LOOPED = "ours is the mean of calls timed one by one, theirs that of a loop"
STREAMED = "ours is one stream, theirs the mean of several in a row"


@dataclass(frozen=True)
class Check:
    """One quantity measured twice; the results are ``crosscheck.<what>.ours`` and ``crosscheck.<what>.theirs``.

    *ours* and *theirs* take the started engine and return one sample in *unit*.  A sample is a summary of many
    operations on both sides, so that as many of ours as of theirs are taken in turn.
    """

    what: str
    ours: Callable[[Adapter], float]
    theirs: Callable[[Adapter], float]
    #: The command line of the tool, or the call where it has none.
    tool: str
    #: What the two do differently, for who reads the ratio.
    differs: str
    unit: str = "s"
    variant: str = ""
    #: Samples of each side.
    samples: int = 6
    #: Whether each of our samples gets an engine of its own, as each of the tool's does: where the kernel puts the
    #: threads of a pool stays for its life, and changes a round trip by more than one sample differs from the next.
    fresh: bool = False


def groups(plan: Plan) -> Iterator[Group]:
    """Yield a group a check: only the two sides of one check are compared."""
    for check in checks(plan):
        if check.variant in plan.kinds:
            yield Group(
                name=named(check.variant, f"crosscheck.{check.what}"),
                build=lambda engines, check=check: probes(check, engines, plan),
                workers=plan.workers,
                variants=(check.variant,),
            )


def checks(plan: Plan) -> Iterable[Check]:
    """Return the checks of ``examples/<module>/crosscheck.py``; none where the engine is a cluster of the reader's.

    The tools start engines of their own on this machine, which a cluster elsewhere cannot be compared with.
    """
    name = f"examples.{plan.system.replace('-', '_')}.crosscheck"
    if plan.address:
        return ()
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and name.startswith(error.name):
            return ()
        raise
    return module.checks(plan)


def against(
    plan: Plan, tool: Timeit, what: str, ours: Callable[[Adapter], float], differs: str = LOOPED, **settings: Any
) -> Check:
    """Return the check of *ours* against a command of ``pyperf timeit``; *settings* are further fields of the check."""
    return Check(
        what=what,
        ours=ours,
        theirs=lambda engine: tool.seconds(plan.home),
        tool=tool.command(),
        differs=differs,
        **settings,
    )


def probes(check: Check, engines: dict[str, Adapter], plan: Plan) -> Iterator[Probe]:
    """Yield both sides of *check*."""
    engine = engines[check.variant]

    def renewed(engine: Adapter) -> float:
        engine.stop()
        engine.start(plan.workers, plan.home)
        return check.ours(engine)

    for side, take in (("ours", renewed if check.fresh else check.ours), ("theirs", check.theirs)):
        who = "by this harness" if side == "ours" else "by the tool"
        yield Probe(
            named(check.variant, f"crosscheck.{check.what}.{side}"),
            check.unit,
            lambda take=take: take(engine),
            check.samples,
            f"{check.what}, {who}; {check.differs}",
            warmups=0,
            parameters={"tool": check.tool, "workers": plan.workers},
        )


def unwarmed(plan: Plan, trips: int = ROUNDTRIPS) -> Callable[[Adapter], float]:
    """Return :func:`roundtrip` without the untimed trips before each: what the checks found wrong, kept to show it."""

    return _mean(trips, lambda engine: plan.seconds(lambda: engine.one(nothing)))


def _mean(trips: int, trip: Callable[[Adapter], float]) -> Callable[[Adapter], float]:
    def take(engine: Adapter) -> float:
        engine.many(nothing, list(range(task_cost.WARM_TASKS)))  # an engine that was just started
        times: list[float] = []
        while len(times) < trips and sum(times) < SECONDS:
            times.append(trip(engine))
        return statistics.fmean(times)

    return take


def roundtrip(plan: Plan, trips: int = ROUNDTRIPS) -> Callable[[Adapter], float]:
    """Return our side of a check of ``task_cost.roundtrip``: the mean of many, each taken as that probe does.

    The mean, because that is what the tools give, and the two sides must be the same statistic: of round trips few take
    several times as long as the rest, so that the median, which the book quotes, lies below the mean.
    """
    return _mean(trips, lambda engine: task_cost.trip(plan, engine))


def stream(plan: Plan, tasks: int = STREAM) -> Callable[[Adapter], float]:
    """Return our side of a check of ``task_cost.stream``, taken as that probe does.

    One stream runs untimed before it: while the tool ran, the engine had time to send workers away, which the probe,
    whose samples follow one another, never meets.
    """

    def take(engine: Adapter) -> float:
        engine.many(nothing, list(range(tasks)))
        return task_cost.stream(plan, engine, tasks)

    return take


def extra(probe: str, operations: int = 1, count: int = 1) -> Callable[[Adapter], float]:
    """Return our side of a check of a probe that the system has alone: the mean of *count* samples, per operation."""

    def take(engine: Adapter) -> float:
        _, sample = engine.extra()[probe]
        return statistics.fmean(sample() for _ in range(count)) / operations

    return take
