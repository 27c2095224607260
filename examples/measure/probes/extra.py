"""What only this system has, as its adapter's ``extra`` gives it.

Before each sample the engine runs one empty task, so that what the sample before left behind (freed objects, a worker
that starts again) is not charged to this one.
The parameters carry what an adapter says that it injected, so that the analysis can compare it with what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from examples.measure.adapter import Adapter
from examples.measure.probe import Group, Plan, Probe, named
from examples.measure.tasks import nothing

#: Samples in one pass of the full effort.
SAMPLES = 2


def groups(plan: Plan) -> Iterator[Group]:
    """Yield one group with the own probes of every variant that has some."""
    variants = tuple(variant for variant, kind in plan.kinds.items() if hasattr(kind, "extra"))
    if not variants:
        return

    def build(adapters: dict[str, Adapter]) -> Iterator[Probe]:
        for variant, adapter in adapters.items():
            injected = getattr(adapter, "injected", None)
            for name, (unit, take) in getattr(adapter, "extra", dict)().items():
                yield Probe(
                    named(variant, name),
                    unit,
                    _settled(adapter, take),
                    plan.effort.count(SAMPLES, 1),
                    "a probe of this system alone",
                    parameters={"injected": injected(plan.workers)} if injected else {},
                )

    yield Group("extra", build, plan.workers, variants)


def _settled(adapter: Adapter, take: Callable[[], float]) -> Callable[[], float]:
    def sample() -> float:
        adapter.one(nothing)
        return take()

    return sample
