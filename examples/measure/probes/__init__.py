"""The probes, one module a question; each has one function ``groups(plan)`` that yields its groups.

:data:`PROBES` holds them in the order in which they run.
"""

from __future__ import annotations

import importlib.util
from types import ModuleType

from examples.measure.probes import extra, jobs, memory, metg, mixed, payload, scaling, startup, task_cost, weight
from examples.measure.probes.answers import check

__all__ = ["PROBES", "check"]

PROBES: dict[str, ModuleType] = {
    "weight": weight,
    "startup": startup,
    "task_cost": task_cost,
    "metg": metg,
    "payload": payload,
    "memory": memory,
    "scaling": scaling,
    "mixed": mixed,
    "jobs": jobs,
    "extra": extra,
}

if importlib.util.find_spec("examples.measure.probes.crosscheck"):
    PROBES["crosscheck"] = importlib.import_module("examples.measure.probes.crosscheck")
