"""Laws of scaling fitted to measured times: Amdahl, Gustafson, and Gunther's Universal Scalability Law (USL).

Sources: Gunther, arXiv 0808.1431, which shows that Amdahl's law is the USL without coherency and that Gustafson's
scaled speedup belongs to the same family; the R package ``usl`` (Gunther and Möding), file ``R/usl.R`` and its
vignette, for the form with three parameters, X(N) = γN / (1 + σ(N−1) + κN(N−1)), and for the bounds σ ≥ 0, κ ≥ 0.
The package calls σ and κ alpha and beta.

How it is fitted here: the time of a fixed job is T(N) ∝ 1/X(N), so T(N) = T₁·(1/N) + T₁σ·(N−1)/N + T₁κ·(N−1), which
is *linear* in T₁, T₁σ and T₁κ.  Non-negative least squares (``scipy.optimize.nnls``) finds the one best fit without
starting values.  Each point counts by its relative error, because the noise of a timing grows with it; the R package
minimizes absolute errors of the throughput, so that the points with many workers weigh most there.  Exact data give
the same parameters.

Intervals come from resampling the timings (:mod:`examples.measure.analysis.bootstrap`).  An interval from the
residuals' covariance, as in the R package, is not used: with one or two degrees of freedom it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import nnls

from examples.measure.analysis import bootstrap
from examples.measure.analysis.quantity import Derived, Point, joined, points

_NAME = re.compile(r"scaling\.(?P<kind>cpu|wait)\.(?P<mode>strong|weak)\.(?P<workers>\d+)$")

#: Below this a parameter is 0: far below what a timing can show.
ZERO = 1e-9


@dataclass(frozen=True)
class Series:
    """Points of one scaling experiment by rising number of workers."""

    points: tuple[Point, ...]
    workers: np.ndarray
    tasks: np.ndarray
    held_out: np.ndarray
    oversubscribed: np.ndarray

    @property
    def times(self) -> np.ndarray:
        """Median wall time of each point in seconds."""
        return np.array([point.median for point in self.points])

    def where(self, mask: np.ndarray) -> Series:
        """Return the points that *mask* selects."""
        chosen = tuple(point for point, keep in zip(self.points, mask, strict=True) if keep)
        return Series(
            chosen, *(array[mask] for array in (self.workers, self.tasks, self.held_out, self.oversubscribed))
        )

    def names(self) -> tuple[str, ...]:
        """Names of the probes."""
        return tuple(point.name for point in self.points)


@dataclass(frozen=True)
class Usl:
    """A fitted Universal Scalability Law: time of the job with one worker (s), contention σ, coherency κ."""

    single: float
    contention: float
    coherency: float

    def time(self, workers: np.ndarray | float) -> Any:
        """Return the predicted wall time in seconds with *workers* workers."""
        return self.single / capacity(workers, self.contention, self.coherency)


def capacity(workers: np.ndarray | float, contention: float, coherency: float) -> Any:
    """Return C(N) = N / (1 + σ(N−1) + κN(N−1)), the throughput relative to one worker."""
    n = np.asarray(workers, dtype=float)
    return n / (1 + contention * (n - 1) + coherency * n * (n - 1))


def fit_usl(workers: np.ndarray, times: np.ndarray) -> Usl:
    """Fit the USL to wall times of one fixed job.  Raises :class:`ValueError` with fewer than three numbers of
    workers."""
    if len(set(workers.tolist())) < 3:
        raise ValueError("the USL has three parameters and needs three numbers of workers")
    columns = np.column_stack((1 / workers, (workers - 1) / workers, workers - 1))
    (single, serial, cross), _ = nnls(columns / times[:, None], np.ones_like(times))
    if single <= 0:  # more workers only slow down: the law has no meaning
        return Usl(float(times[workers.argmin()]), 1.0, 0.0)
    contention, coherency = float(serial / single), float(cross / single)
    return Usl(float(single), contention if contention > ZERO else 0.0, coherency if coherency > ZERO else 0.0)


def fit_amdahl(workers: np.ndarray, times: np.ndarray) -> float:
    """Return the serial fraction f of T(N) = T₁·(f + (1−f)/N), between 0 and 1, by relative least squares."""
    (serial, parallel), _ = nnls(
        np.column_stack((np.ones_like(times), 1 / workers)) / times[:, None], np.ones_like(times)
    )
    total = serial + parallel
    return float(serial / total) if total > 0 and serial / total > ZERO else 0.0


def series(probes: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str, str], Series]:
    """Return the scaling experiments of a result file by variant, kind (cpu, wait) and mode (strong, weak)."""
    found: dict[tuple[str, str, str], list[tuple[float, Point]]] = {}
    for variant, named in points(probes).items():
        for name, point in named.items():
            match = _NAME.match(name)
            if match and point.samples.min() > 0 and int(match["workers"]) > 0:
                workers = point.number("workers") or float(match["workers"])
                found.setdefault((variant, match["kind"], match["mode"]), []).append((workers, point))
    result = {}
    for key, rows in found.items():
        rows.sort(key=lambda row: row[0])
        chosen = tuple(point for _, point in rows)
        result[key] = Series(
            chosen,
            np.array([workers for workers, _ in rows]),
            np.array([point.number("tasks") or np.nan for point in chosen]),
            np.array([bool(point.parameters.get("held_out")) for point in chosen]),
            np.array([bool(point.parameters.get("oversubscribed")) for point in chosen]),
        )
    return result


def derive(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Derived]:
    """Return ``scaling.*`` of each variant: speedups and efficiencies by number of workers, and the parameters of the
    laws."""
    found: dict[str, Derived] = {}
    for (variant, kind, mode), measured in series(probes).items():
        prefix = joined(variant, f"scaling.{kind}")
        if measured.workers[0] == 1:
            found |= _weak(measured, prefix) if mode == "weak" else _strong(measured, prefix)
        if (kind, mode) == ("cpu", "strong"):
            found |= _amdahl(measured, prefix)
        if (kind, mode) == ("wait", "strong"):
            found |= _usl(measured, prefix)
    return found


def _strong(measured: Series, prefix: str) -> dict[str, Derived]:
    """``speedup.<W>``: time with one worker ÷ time with W, same job."""
    return {
        f"{prefix}.speedup.{int(workers)}": _against_one(
            measured,
            index,
            f"{prefix}.speedup.{int(workers)}",
            1.0,
            f"speedup of {int(workers)} workers over one, same job",
        )
        for index, workers in enumerate(measured.workers)
        if index
    }


def _weak(measured: Series, prefix: str) -> dict[str, Derived]:
    """``efficiency.<W>``: rate of W workers ÷ W rates of one, the job growing with W; and Gustafson's serial fraction.

    Gustafson's scaled speedup is S(W) = W − s·(W−1), with s the serial share of the time on W workers.
    """
    found = {}
    for index, workers in enumerate(measured.workers):
        if index:
            ratio = measured.tasks[index] / measured.tasks[0] / workers
            scale = float(ratio) if np.isfinite(ratio) else 1.0
            name = f"{prefix}.efficiency.{int(workers)}"
            text = f"efficiency of {int(workers)} workers, the job growing with them"
            found[name] = _against_one(measured, index, name, scale, text)
    within = measured.where(~measured.oversubscribed & ~measured.held_out)
    if len(within.points) > 1 and within.workers[0] == 1:
        grown = within.tasks / within.tasks[0]
        grown = np.where(np.isfinite(grown), grown, within.workers)

        def serial(times: np.ndarray) -> float:
            missing = (within.workers - grown * times[0] / times)[1:]
            span = within.workers[1:] - 1
            return float(np.clip((missing * span).sum() / (span * span).sum(), 0, 1))

        name = f"{prefix}.gustafson"
        drawn = bootstrap.medians(within.points, name)
        low, high = bootstrap.interval(None if drawn is None else np.array([serial(row) for row in drawn]))
        text = "serial share of the time in Gustafson's scaled speedup"
        found[name] = Derived(serial(within.times), low, high, "", text, within.names(), _few(within))
    return found


def _against_one(measured: Series, index: int, name: str, scale: float, description: str) -> Derived:
    pair = (measured.points[0], measured.points[index])
    drawn = bootstrap.medians(pair, name)
    low, high = bootstrap.interval(None if drawn is None else scale * drawn[:, 0] / drawn[:, 1])
    note = "more workers than cores; not in any fit" if measured.oversubscribed[index] else ""
    return Derived(
        scale * pair[0].median / pair[1].median, low, high, "", description, tuple(p.name for p in pair), note
    )


def _few(measured: Series) -> str:
    """The note for a fit that two points decide alone."""
    if len(measured.points) > 2:
        return ""
    return f"decided by one point, {int(measured.workers[-1])} workers against one; the interval is the timings' alone"


def _amdahl(measured: Series, prefix: str) -> dict[str, Derived]:
    """``amdahl``: serial fraction, from the points within the cores."""
    within = measured.where(~measured.oversubscribed & ~measured.held_out)
    if len(set(within.workers.tolist())) < 2:
        return {}
    name = f"{prefix}.amdahl"
    value = fit_amdahl(within.workers, within.times)
    drawn = bootstrap.medians(within.points, name)
    low, high = bootstrap.interval(
        None if drawn is None else np.array([fit_amdahl(within.workers, row) for row in drawn])
    )
    notes = [_few(within)]
    if low == 0.0:
        notes.append("not distinguishable from 0")
    note = "; ".join(filter(None, notes))
    return {name: Derived(value, low, high, "", "serial fraction of the job by Amdahl's law", within.names(), note)}


def _usl(measured: Series, prefix: str) -> dict[str, Derived]:
    """``contention``, ``coherency``, ``peak`` and the errors at the points that were held out."""
    fitted = measured.where(~measured.held_out & ~measured.oversubscribed)
    if len(set(fitted.workers.tolist())) < 3:
        return {}
    name = f"{prefix}.contention"
    law = fit_usl(fitted.workers, fitted.times)
    everything = fitted.points + measured.where(measured.held_out).points
    drawn = bootstrap.medians(everything, name)
    laws = None
    if drawn is not None:
        laws = [fit_usl(fitted.workers, row[: len(fitted.points)]) for row in drawn]
    widest = float(fitted.workers[-1])
    misfit = float(np.max(np.abs(law.time(fitted.workers) / fitted.times - 1)))
    slower = bool(law.time(widest) >= law.single)
    sigmas, kappas = ([getattr(one, key) for one in laws or ()] for key in ("contention", "coherency"))
    # A contention of a half, or a coherency that puts the peak inside the fitted range, is one that the points should
    # have shown.
    found = {
        name: _parameter("contention", sigmas, law.contention, fitted, misfit, 0.5, slower),
        f"{prefix}.coherency": _parameter("coherency", kappas, law.coherency, fitted, misfit, 1 / widest**2, slower),
    }
    found |= _peak(law, laws, prefix, fitted)
    found |= _held_out(measured.where(measured.held_out), law, laws, drawn, prefix, fitted)
    return found


def _parameter(
    what: str, drawn: Sequence[float], value: float, fitted: Series, misfit: float, wide: float, slower: bool
) -> Derived:
    low, high = bootstrap.interval(np.array(drawn) if drawn else None)
    notes = []
    if value == 0 or low == 0:
        notes.append("not distinguishable from 0")
        if high is not None and high >= wide:
            notes.append("not identified: the interval spans from no effect to a dominant one")
    if slower:
        notes.append("more workers do not speed the job up")
    if misfit > 0.1:
        notes.append(f"the law is up to {misfit:.0%} off at its own points")
    text = {
        "contention": "contention σ of the Universal Scalability Law",
        "coherency": "coherency κ of the Universal Scalability Law",
    }
    return Derived(value, low, high, "", text[what], fitted.names(), "; ".join(notes))


def _peak(law: Usl, laws: Sequence[Usl] | None, prefix: str, fitted: Series) -> dict[str, Derived]:
    """Number of workers √((1−σ)/κ) at which throughput peaks."""

    def peak(one: Usl) -> float:
        return float(np.sqrt(max(0.0, 1 - one.contention) / one.coherency)) if one.coherency > 0 else np.inf

    low, high = bootstrap.interval(np.array([peak(one) for one in laws]) if laws else None)
    text = "workers beyond which more of them slow the job down, by the Universal Scalability Law"
    value = peak(law)
    if np.isinf(value):
        note = "no peak: coherency is not distinguishable from 0"
        return {f"{prefix}.peak": Derived(None, low, None, "", text, fitted.names(), note)}
    note = "no upper end: coherency is not distinguishable from 0" if laws and high is None else ""
    if value > fitted.workers[-1]:
        note = "; ".join(filter(None, (note, f"extrapolated beyond the {int(fitted.workers[-1])} workers of the fit")))
    return {f"{prefix}.peak": Derived(value, low, high, "", text, fitted.names(), note)}


def _held_out(
    held: Series, law: Usl, laws: Sequence[Usl] | None, drawn: np.ndarray | None, prefix: str, fitted: Series
) -> dict[str, Derived]:
    """``heldout`` (median), ``heldout.inside``, ``heldout.beyond`` and ``heldout.<W>``: relative errors of predicted
    times."""
    if not held.points:
        return {}
    inside = held.workers <= fitted.workers[-1]
    errors = np.abs(law.time(held.workers) / held.times - 1)
    spread = None
    if laws is not None and drawn is not None:
        predicted = np.array([one.time(held.workers) for one in laws])
        spread = np.abs(predicted / drawn[:, len(fitted.points) :] - 1)

    def median(mask: np.ndarray, where: str) -> Derived:
        low, high = bootstrap.interval(None if spread is None else np.median(spread[:, mask], axis=1))
        text = f"median relative error of the law's prediction at points held out of the fit{where}"
        return Derived(float(np.median(errors[mask])), low, high, "", text, held.where(mask).names())

    name = f"{prefix}.heldout"
    found = {name: median(np.ones_like(inside), "")}
    if inside.any():
        found[f"{name}.inside"] = median(inside, ", inside the fitted range")
    if not inside.all():
        found[f"{name}.beyond"] = median(~inside, ", beyond the fitted range")
    for index, workers in enumerate(held.workers):
        low, high = bootstrap.interval(None if spread is None else spread[:, index])
        text = f"relative error of the law's prediction at {int(workers)} workers, held out of the fit"
        found[f"{name}.{int(workers)}"] = Derived(float(errors[index]), low, high, "", text, (held.points[index].name,))
    return found
