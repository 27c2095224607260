"""Sweeps and scaling experiments as the plots draw them, computed by ``examples.measure.analysis`` and no other way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .measurements import Quantity, compute
from .series import Series

_SWEEP = re.compile(r"metg\.(?P<pattern>[a-z_]+)\.\d+us")
_SCALING = re.compile(r"scaling\.(?P<kind>cpu|wait)\.(?P<mode>strong|weak)\.\d+")
_MODES = {
    ("cpu", "strong"): "CPU-bound",
    ("cpu", "weak"): "CPU-bound, growing",
    ("wait", "strong"): "waiting",
    ("wait", "weak"): "waiting, growing",
}
#: Steps of a fitted curve.
STEPS = 60


@dataclass(frozen=True)
class Sweep:
    """A sweep over the size of tasks: efficiency (0 to 1) over granularity (s), and METG."""

    label: str
    own: bool
    granularity: list[float]
    efficiency: list[float]
    quantity: Quantity | None
    #: The sign of what stayed noisy.
    mark: str = ""


@dataclass(frozen=True)
class Scaling:
    """Speed-up over workers, low, middle and high at each point, with the fitted law and its band."""

    label: str
    own: bool
    workers: list[float]
    speedups: list[tuple[float, float, float]]
    held_out: list[bool]
    oversubscribed: list[bool]
    #: From so many workers on, more of them cannot help: the machine's cores, or no limit.
    ideal_until: float
    mark: str = ""
    law: str = ""
    law_x: list[float] = field(default_factory=list)
    law_y: list[float] = field(default_factory=list)
    band: tuple[list[float], list[float]] | None = None

    def highest(self) -> list[float]:
        """Return what the vertical axis must show."""
        return [high for _, _, high in self.speedups] + self.law_y


_known: dict[object, Any] = {}


def _once(kind: str, series: Sequence[Series], compute_all: Callable[[Sequence[Series]], Any]) -> Any:
    """Compute once what a picture, its height and its caption all need."""
    key = (kind, *((item.run.digest, item.probe.name, item.row) for item in series))
    if key not in _known:
        _known[key] = compute_all(series)
    return _known[key]


def sweeps(series: Sequence[Series]) -> list[Sweep]:
    """Return the sweeps that the series belong to, in their order."""
    return _once("sweeps", series, _sweeps)


def scalings(series: Sequence[Series]) -> list[Scaling]:
    """Return the scaling experiments that the series belong to, in their order."""
    return _once("scaling", series, _scalings)


def is_sweep(base: str) -> bool:
    """Whether a probe is a point of a sweep."""
    return bool(_SWEEP.fullmatch(base))


def is_scaling(base: str) -> bool:
    """Whether a probe is a point of a scaling experiment."""
    return bool(_SCALING.fullmatch(base))


def _grouped(series: Sequence[Series], pattern: re.Pattern[str]) -> dict[tuple[Any, ...], list[Series]]:
    """Group the points of an experiment by system, variant, who measured it, and what the name says."""
    groups: dict[tuple[Any, ...], list[Series]] = {}
    for item in series:
        if match := pattern.fullmatch(item.base):
            groups.setdefault((item.system.id, item.variant, item.own, *match.groups()), []).append(item)
    return groups


def _entries(members: Sequence[Series]) -> dict[str, Any]:
    """Return the points as the result file has them, without the variant in their names."""
    return {item.base: item.run.data["probes"][item.probe.name] for item in members}


def _mark(members: Sequence[Series]) -> str:
    return next((item.mark for item in members if item.mark), "")


def _sweeps(series: Sequence[Series]) -> list[Sweep]:
    from examples.measure.analysis import granularity

    groups = _grouped(series, _SWEEP)
    patterns = {key[3] for key in groups}
    found = []
    for (_, variant, own, pattern), members in groups.items():
        first = members[0]
        name = f"{variant}.metg.{pattern}" if variant else f"metg.{pattern}"
        label = first.published if len(patterns) == 1 else f"{first.published}, {pattern}"
        for sweep in granularity.sweeps(_entries(members)).values():
            found.append(
                Sweep(
                    label,
                    own,
                    [float(value) for value in sweep.granularity(sweep.wall)],
                    [float(value) for value in sweep.efficiency(sweep.wall)],
                    first.run.quantities.get(name),
                    _mark(members),
                )
            )
    return found


def _scalings(series: Sequence[Series]) -> list[Scaling]:
    from examples.measure.analysis import laws

    groups = _grouped(series, _SCALING)
    modes = {key[3:] for key in groups}
    found = []
    for (_, _, own, kind, mode), members in groups.items():
        first = members[0]
        label = first.published if len(modes) == 1 else f"{first.published}, {_MODES[kind, mode]}"
        for measured in laws.series(_entries(members)).values():
            if measured.workers[0] != 1:
                continue  # without one worker there is nothing to compare with
            cores = first.run.data["machine"]["cores"]
            found.append(replace(_scaling(label, own, kind, mode, measured, cores), mark=_mark(members)))
    return found


def _scaling(label: str, own: bool, kind: str, mode: str, measured: Any, cores: float) -> Scaling:
    import numpy as np

    one = measured.times[0]
    grown = measured.tasks / measured.tasks[0]
    grown = np.where(np.isfinite(grown), grown, measured.workers if mode == "weak" else 1.0)
    speedups = []
    for point, size in zip(measured.points, grown, strict=True):
        rates = [float(size * one / sample) for sample in point.samples]
        speedups.append((compute(rates, "p5"), compute(rates, "median"), compute(rates, "p95")))
    law, x, y, band = _law(kind, mode, measured, cores)
    return Scaling(
        label,
        own,
        [float(workers) for workers in measured.workers],
        speedups,
        [bool(value) for value in measured.held_out],
        [bool(value) for value in measured.oversubscribed],
        float(cores) if kind == "cpu" else float("inf"),
        law=law,
        law_x=x,
        law_y=y,
        band=band,
    )


def _law(kind: str, mode: str, measured: Any, cores: float) -> tuple[str, list[float], list[float], Any]:
    """Fit the law of this experiment and draw it with the 95 % band of its resamples."""
    import numpy as np

    from examples.measure.analysis import bootstrap, laws

    fitted = measured.where(~measured.held_out & ~measured.oversubscribed)
    name, least, predict = _LAWS.get((kind, mode), ("", 10**9, None))
    if len(set(fitted.workers.tolist())) < least or predict is None:
        return "", [], [], None
    end = float(measured.workers[~measured.oversubscribed].max())
    x = np.linspace(1, end, STEPS)
    y = predict(laws, fitted.workers, fitted.times, measured.times[0], x)
    drawn = bootstrap.medians(fitted.points, f"band.{kind}.{mode}")
    band = None
    if drawn is not None:
        curves = np.array([predict(laws, fitted.workers, row, row[0], x) for row in drawn])
        low, high = np.quantile(curves, [0.025, 0.975], axis=0)
        band = ([float(value) for value in low], [float(value) for value in high])
    return name, [float(value) for value in x], [float(value) for value in y], band


def _amdahl(laws: Any, workers: Any, times: Any, one: float, x: Any) -> Any:
    serial = laws.fit_amdahl(workers, times)
    return 1 / (serial + (1 - serial) / x)


def _usl(laws: Any, workers: Any, times: Any, one: float, x: Any) -> Any:
    return one / laws.fit_usl(workers, times).time(x)


#: Law, the least number of points that it needs, and its speed-up over workers.
_LAWS = {("cpu", "strong"): ("Amdahl's law", 2, _amdahl), ("wait", "strong"): ("the USL", 3, _usl)}
