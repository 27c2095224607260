"""How well the harness recovers costs that a synthetic executor was told to have.

Any probe of the file may carry ``parameters.injected``, an object from the name of a quantity or probe to its true
value in SI units. ``recovery.<name>`` is measured ÷ injected: 1 is perfect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from examples.measure.analysis import bootstrap
from examples.measure.analysis.quantity import Derived, joined, points, written

#: Short names that an executor may use for what it injects.
NAMES = {
    "startup": "startup.start",
    "task_cost": "task_cost.roundtrip",
    "metg": "metg.independent",
    "bandwidth": "payload.in.bandwidth",
    "latency": "payload.in.latency",
    "serial_fraction": "scaling.cpu.amdahl",
    "contention": "scaling.wait.contention",
    "coherency": "scaling.wait.coherency",
}


def derive(probes: Mapping[str, Mapping[str, Any]], derived: Mapping[str, Derived]) -> dict[str, Derived]:
    """Return ``recovery.<quantity>`` for each injected value that was measured; *derived* are the other quantities of
    the file."""
    found = {}
    for variant, named in points(probes).items():
        injected: dict[str, float] = {}
        for point in named.values():
            values = point.parameters.get("injected")
            if isinstance(values, Mapping):
                injected |= {str(key): value for key, value in values.items() if isinstance(value, (int, float))}
        for key, truth in injected.items():
            target = NAMES.get(key, key)
            name = joined(variant, f"recovery.{key}")
            item = derived.get(joined(variant, target))
            if item is None and target in named:
                point = named[target]
                drawn = bootstrap.medians((point,), name)
                low, high = bootstrap.interval(None if drawn is None else drawn[:, 0])
                item = Derived(point.median, low, high, point.unit, "", (point.name,))
            if item is not None:
                found[name] = _ratio(item, float(truth), target)
    return found


def _ratio(item: Derived, truth: float, target: str) -> Derived:
    description = f"{target}: measured ÷ injected ({written(truth, item.unit)})"
    if item.value is None or truth <= 0:
        note = f"no ratio: measured {item.text}, injected {written(truth, item.unit)}"
        return Derived(None, None, None, "", description, item.points, note)
    low, high = (None if end is None else end / truth for end in (item.low, item.high))
    return Derived(item.value / truth, low, high, "", description, item.points, item.note)
