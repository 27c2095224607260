"""Cross-checks: the harness's number beside that of a tool which others wrote, taken in turn in the same run.

A system's ``crosscheck.py`` names its checks; a system without that module has none.
"""

from __future__ import annotations

import importlib
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.probes import task_cost
from examples.measure.tasks import nothing

#: Round trips of which one sample of :func:`roundtrip` is the median, and tasks in one sample of :func:`stream`.
ROUNDTRIPS, STREAM = 50, 1_000


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
    #: Samples of each side in a pass of the full effort; the quick effort takes one, of what is quick.
    samples: int = 3
    quick: bool = True


def groups(plan: Plan) -> Iterator[Group]:
    """Yield a group a check: only the two sides of one check are compared."""
    for check in checks(plan):
        if check.variant in plan.kinds and (check.quick or _full(plan)):
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


def probes(check: Check, engines: dict[str, Adapter], plan: Plan) -> Iterator[Probe]:
    """Yield both sides of *check*."""
    engine = engines[check.variant]
    count = check.samples if _full(plan) else 1
    for side, take in (("ours", check.ours), ("theirs", check.theirs)):
        who = "by this harness" if side == "ours" else "by the tool"
        yield Probe(
            named(check.variant, f"crosscheck.{check.what}.{side}"),
            check.unit,
            lambda take=take: take(engine),
            count,
            f"{check.what}, {who}; {check.differs}",
            warmups=0,
            parameters={"tool": check.tool, "workers": plan.workers},
        )


def unwarmed(plan: Plan) -> Callable[[Adapter], float]:
    """Return :func:`roundtrip` without the untimed trips before each: what the checks found wrong, kept to show it."""

    def take(engine: Adapter) -> float:
        return statistics.median(plan.seconds(lambda: engine.one(nothing)) for _ in range(ROUNDTRIPS))

    return take


def roundtrip(plan: Plan) -> Callable[[Adapter], float]:
    """Return our side of a check of ``task_cost.roundtrip``: the median of some, each taken as that probe does.

    The median, because that is what the book quotes.  Tools give means of loops: the same on a calm machine, and up to
    three times as much on a busy one, where few round trips take ten times as long as the rest.
    """

    def take(engine: Adapter) -> float:
        return statistics.median(task_cost.trip(plan, engine) for _ in range(ROUNDTRIPS))

    return take


def stream(plan: Plan) -> Callable[[Adapter], float]:
    """Return our side of a check of ``task_cost.stream``, taken as that probe does.

    One stream runs untimed before it: while the tool ran, the engine had time to send workers away, which the probe,
    whose samples follow one another, never meets.
    """

    def take(engine: Adapter) -> float:
        engine.many(nothing, list(range(STREAM)))
        return task_cost.stream(plan, engine, STREAM)

    return take


def _full(plan: Plan) -> bool:
    return plan.effort.thorough


def extra(probe: str, operations: int = 1, count: int = 1) -> Callable[[Adapter], float]:
    """Return our side of a check of a probe that the system has alone: the median of *count* samples, per operation."""

    def take(engine: Adapter) -> float:
        _, sample = engine.extra()[probe]
        return statistics.median(sample() for _ in range(count)) / operations

    return take
