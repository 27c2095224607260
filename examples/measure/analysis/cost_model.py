"""The cost model of :mod:`examples.measure.model`: its parameters, and its error on the held-out jobs.

The parameters are fitted to probes of one quantity each.  The jobs (``job.*``) are not read by the fit: they have sizes
that no other probe has, so the error on them is that of a prediction.  The error of the forms that were not chosen
(``model.error.maximum``, ``model.error.serial``) is given beside that of the one that was.

Intervals come from fitting again to resampled medians; jobs are resampled with their samples, not as a set: they were
chosen, not drawn.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from examples.measure import model
from examples.measure.analysis import bootstrap
from examples.measure.analysis.quantity import Derived, Point, joined, points

#: Resamples; a fit takes about a millisecond.
DRAWS = 300

_WORK = {"python": "Python code", "compiled": "compiled code that releases the GIL", "waiting": "tasks that wait"}
_OTHERWISE = {
    "maximum": " if the longer of sending and working hid the shorter",
    "serial": " if data traveled one task after the other",
}
#: Families of probes that the fit or its test reads.
_READ = (
    "task_cost.",
    "startup.",
    "metg.independent.",
    "scaling.",
    "payload.in.",
    "payload.out.",
    "shared_job.",
    "job.",
)

Value = Callable[[model.Parameters, Mapping[str, model.Measured]], "float | None"]


def derive(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Derived]:
    """Return ``model.*`` for each variant that has the probes of a fit."""
    by_variant = points(probes)
    found: dict[str, Derived] = {}
    for variant, named in by_variant.items():
        # Measured once, beside the default variant, and good for all.
        shared = {
            name: point
            for name, point in by_variant.get("", {}).items()
            if name in ("shared_job.sequential", "startup.python")
        }
        chosen = {name: point for name, point in (shared | named).items() if name.startswith(_READ)}
        found |= _variant(variant, chosen)
    return found


def _medians(chosen: Mapping[str, Point], values: np.ndarray | None = None) -> dict[str, model.Measured]:
    numbers = [point.median for point in chosen.values()] if values is None else values.tolist()
    return {name: (number, point.parameters) for (name, point), number in zip(chosen.items(), numbers, strict=True)}


def _variant(variant: str, chosen: Mapping[str, Point]) -> dict[str, Derived]:
    medians = _medians(chosen)
    try:
        parameters = model.fit_medians(medians)
    except model.NotMeasured:
        return {}
    wanted = _quantities(parameters, medians)
    drawn = bootstrap.medians(list(chosen.values()), joined(variant, "model"), DRAWS)
    values: dict[str, list[float]] = {name: [] for name in wanted}
    for row in () if drawn is None else drawn:
        resampled = _medians(chosen, row)
        again = model.fit_medians(resampled)
        for name, (value, *_) in wanted.items():
            number = value(again, resampled)
            values[name].append(np.inf if number is None else number)
    found = {}
    for name, (value, unit, description, families) in wanted.items():
        low, high = bootstrap.interval(np.array(values[name]) if values[name] else None)
        number = value(parameters, medians)
        names = tuple(point.name for base, point in chosen.items() if base.startswith(families))
        note = ""
        if name == "model.error":
            note = _each(model.errors(parameters, medians))
        elif ".bandwidth." in name and (number is None or (values[name] and high is None)):
            number, low, high = None, _least(chosen, name), None
            note = "time does not grow with size beyond its noise"
        found[joined(variant, name)] = Derived(number, low, high, unit, description, names, note)
    return found


def _quantities(
    parameters: model.Parameters, medians: Mapping[str, model.Measured]
) -> dict[str, tuple[Value, str, str, tuple[str, ...]]]:
    """Return (function, unit, description, families of probes behind it) by name, for what this variant has."""
    found: dict[str, tuple[Value, str, str, tuple[str, ...]]] = {}
    if parameters.startup is not None:
        about = "import, start of the engine and first task, less one round trip"
        found["model.startup"] = (lambda p, _: p.startup, "s", about, ("startup.", "task_cost.roundtrip"))
    sweep = ("task_cost.", "metg.independent.")
    found["model.latency"] = (lambda p, _: p.latency, "s", "what a job on a running engine pays once", sweep)
    found["model.cost"] = (lambda p, _: p.cost, "s", "what each task adds to the time of a job", sweep)
    for way in ("in", "out"):
        if getattr(parameters, f"byte_{way}") is not None:
            about = f"bytes that the model moves {'into' if way == 'in' else 'out of'} tasks in a second"
            found[f"model.bandwidth.{way}"] = (_bandwidth(way), "B/s", about, (f"payload.{way}.",))
    for kind, law in parameters.laws.items():
        about = f"speed-up of {_WORK[kind]} on {law.workers} workers, with dispatch and transfer taken out"
        families = ("metg.independent.",) if kind == "compiled" else ("scaling.", "shared_job.")
        found[f"model.speedup.{kind}"] = (_speedup(kind, law.workers), "", about, families)
    if model.errors(parameters, medians):
        for form in model.FORMS:
            name = "model.error" if form == "sum" else f"model.error.{form}"
            how = _OTHERWISE.get(form, "")
            about = f"median relative error of the cost model on the held-out jobs{how}"
            found[name] = (_error(form), "", about, ("job.",))
    return found


def _bandwidth(way: str) -> Value:
    def value(parameters: model.Parameters, _: Mapping[str, model.Measured]) -> float | None:
        rate = getattr(parameters, f"byte_{way}")
        return 1 / rate if rate else None

    return value


def _speedup(kind: str, workers: int) -> Value:
    return lambda parameters, _: workers / parameters.laws[kind].stretch(workers)


def _error(form: str) -> Value:
    def value(parameters: model.Parameters, medians: Mapping[str, model.Measured]) -> float | None:
        found = model.errors(parameters, medians, form)
        return statistics.median(map(abs, found.values())) if found else None

    return value


def _least(chosen: Mapping[str, Point], name: str) -> float | None:
    """Return the throughput of the largest payload, which bounds a bandwidth that cannot be seen from below."""
    prefix = f"payload.{name.rpartition('.')[2]}."
    rows = [(point.number("bytes") or 0.0, point.median) for base, point in chosen.items() if base.startswith(prefix)]
    size, seconds = max(rows)
    return size / seconds


def _each(errors: Mapping[str, float]) -> str:
    return "predicted against measured: " + ", ".join(f"{name[4:]} {error:+.0%}" for name, error in errors.items())
