"""What the probes find out about an engine before they choose their sizes.

A pilot is a short, unrecorded run.
Its outcome stands in ``plan.memo``, so that every pass measures the same points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from examples.measure import plain
from examples.measure.adapter import Adapter
from examples.measure.probe import Plan
from examples.measure.tasks import nothing


def remember(plan: Plan, key: str, find: Callable[[], Any]) -> Any:
    """Return what an earlier pass found under *key*, or *find* it now."""
    if key not in plan.memo:
        plan.memo[key] = find()
    return plan.memo[key]


def roundtrip(plan: Plan, variant: str, adapter: Adapter) -> float:
    """Return about how many seconds one empty task takes."""
    return remember(
        plan,
        f"pilot.roundtrip.{variant}",
        lambda: min(plan.seconds(lambda: adapter.one(nothing)) for _ in range(5)),
    )


def cost(plan: Plan, variant: str, adapter: Adapter) -> float:
    """Return about how many seconds an empty task takes among many: of few first, of more where that was fast."""

    def find() -> float:
        def stream(tasks: int) -> float:
            numbers = list(range(tasks))
            return min(plan.seconds(lambda: adapter.many(nothing, numbers)) for _ in range(3)) / tasks

        few = stream(16)
        return few if few * 256 > 1 else stream(256)

    return remember(plan, f"pilot.cost.{variant}", find)


def batch_seconds(plan: Plan) -> float:
    """Return the seconds of one batch of the shared job on one core, in an interpreter without the engine."""
    return remember(plan, "plain.batch", plain.batch_seconds)


def kernel(plan: Plan) -> plain.Kernel:
    """Return what the kernel :func:`examples.measure.tasks.work` costs on one core."""
    return plain.Kernel(**remember(plan, "plain.kernel", lambda: vars(plain.kernel())))
