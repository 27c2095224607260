"""Minimum effective task granularity, METG(50 %): the smallest task that a system runs with half of its best
efficiency.

Source: Slaughter et al., Task Bench, SC'20 (doi 10.5555/3433701.3433783), and the authors' evaluation script
``chart_metg.py`` in StanfordLegion/task-bench, function ``analyze``.  Their definitions, kept here: the number of
tasks stays fixed while the work in a task shrinks; *granularity* is wall time × workers ÷ tasks, so it holds the
task's share of every overhead; *efficiency* is the rate of useful work against the peak; METG is the granularity at
which efficiency crosses 50 %, interpolated between the two neighboring points of the sweep.

What is decided here, because an engine on a small shared machine needs it:

* The peak is the best rate observed in the sweep, not a rated peak of the hardware, so METG measures the engine's
  overhead and not how well its workers share the machine.
* A point is the median of its samples, not the mean: one interruption must not move the crossing.
* Going from large to small tasks, METG is the *first* crossing: every larger task of the sweep is efficient too,
  which is what an engineer relies on.  Task Bench takes the smallest efficient granularity.  On a curve that rises
  steadily the two are one; where they differ the note gives the other.
* Interpolation is linear in log granularity against log efficiency, because the sweep doubles its tasks.  For a fixed
  cost per task it reads at most 3 % high on a ladder of doublings.
* A sweep whose smallest task is still efficient only bounds METG from above.  A sweep whose rate still climbs at its
  largest task has no peak to compare with: the crossing against the best observed rate is then a lower bound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import nnls

from examples.measure.analysis import bootstrap
from examples.measure.analysis.quantity import Derived, Point, joined, points, written

THRESHOLD = 0.5
#: Share of its limit that the rate of the largest task must have reached for the limit to count as seen.
PLATEAU = 0.8
#: Loss of efficiency from a task to a larger one that shows noise, or an engine that treats sizes differently.
DIP = 0.2

_NAME = re.compile(r"metg\.(?P<pattern>[a-z_]+)\.(?P<grain>\d+)us$")


@dataclass(frozen=True)
class Sweep:
    """One sweep, points by rising grain; arrays have one number a point."""

    points: tuple[Point, ...]
    #: Seconds of work in one task on one idle core.
    grain: np.ndarray
    tasks: np.ndarray
    workers: np.ndarray

    def rate(self, wall: np.ndarray) -> np.ndarray:
        """Return seconds of work done in a second, for *wall* seconds by point; leading axes are kept."""
        return self.tasks * self.grain / wall

    def efficiency(self, wall: np.ndarray) -> np.ndarray:
        """Return the rate against the best of the sweep, from 0 to 1."""
        rate = self.rate(wall)
        return rate / rate.max(axis=-1, keepdims=True)

    def granularity(self, wall: np.ndarray) -> np.ndarray:
        """Return seconds of one worker's time that one task takes, overheads included."""
        return wall * self.workers / self.tasks

    @property
    def wall(self) -> np.ndarray:
        """Median wall time of each point in seconds."""
        return np.array([point.median for point in self.points])


def sweeps(probes: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Sweep]:
    """Return the sweeps of a result file by variant and pattern; a point without its parameters or its time is left
    out."""
    found: dict[tuple[str, str], list[tuple[float, float, float, Point]]] = {}
    for variant, named in points(probes).items():
        for name, point in named.items():
            match = _NAME.match(name)
            if not match:
                continue
            grain = point.number("grain") or int(match["grain"]) * 1e-6
            tasks, workers = point.number("tasks"), point.number("workers")
            if grain and tasks and workers and point.samples.min() > 0:
                found.setdefault((variant, match["pattern"]), []).append((grain, tasks, workers, point))
    result = {}
    for key, rows in found.items():
        rows.sort(key=lambda row: row[0])
        grain, tasks, workers, chosen = zip(*rows, strict=True)
        result[key] = Sweep(chosen, np.array(grain), np.array(tasks), np.array(workers))
    return result


def crossing(efficiency: np.ndarray, granularity: np.ndarray) -> float:
    """Return the granularity at which efficiency falls below 50 % for the first time, from large to small tasks.

    0.0 where it never does, infinity where the largest task is already below.
    """
    below = np.flatnonzero(efficiency < THRESHOLD)
    if not below.size:
        return 0.0
    last = int(below[-1])
    if last + 1 == len(efficiency):
        return np.inf
    x = np.log(efficiency[last : last + 2])
    y = np.log(granularity[last : last + 2])
    return float(np.exp(np.interp(np.log(THRESHOLD), x, y)))


def smallest(efficiency: np.ndarray, granularity: np.ndarray) -> float:
    """Return METG as Task Bench's script picks it: from the smallest granularity that is efficient, whatever larger
    ones are."""
    efficient = np.flatnonzero(efficiency >= THRESHOLD)
    first = int(efficient[np.argmin(granularity[efficient])])
    if first == 0:
        return 0.0
    x = np.log(efficiency[first - 1 : first + 1])
    y = np.log(granularity[first - 1 : first + 1])
    return float(np.exp(np.interp(np.log(THRESHOLD), x, y))) if x[0] < np.log(THRESHOLD) else float(granularity[first])


def limit(sweep: Sweep, wall: np.ndarray) -> float:
    """Return which share of its limit the rate has reached at the largest task, from 0 to 1.

    The time that a task costs is a fixed part plus a part in proportion to its work; both come from the three largest
    tasks, each weighted by its own time.  1 where the largest task is not the best one: the sweep then went past its
    peak.
    """
    rate = sweep.rate(wall)
    if rate.argmax() != len(rate) - 1:
        return 1.0
    grain, cost = sweep.grain[-3:], sweep.granularity(wall)[-3:]
    (fixed, slope), _ = nnls(np.column_stack((1 / cost, grain / cost)), np.ones_like(cost))
    return float(slope * grain[-1] / (fixed + slope * grain[-1])) if slope > 0 else 0.0


def metg(sweep: Sweep, name: str) -> Derived:
    """Return METG(50 %) of one sweep in seconds, or the bound that the sweep gives; *name* seeds the interval."""
    wall = sweep.wall
    efficiency, granularity = sweep.efficiency(wall), sweep.granularity(wall)
    value = crossing(efficiency, granularity)
    reached = limit(sweep, wall)
    names = tuple(point.name for point in sweep.points)
    description = "smallest task that runs at half of the best observed efficiency, METG(50 %)"

    dip = float((np.maximum.accumulate(efficiency) - efficiency).max())
    uneven = f"uneven sweep: a larger task is less efficient by {100 * dip:.0f} percentage points" if dip > DIP else ""

    def bound(low: float | None, high: float | None, note: str) -> Derived:
        return Derived(None, low, high, "s", description, names, "; ".join(filter(None, (note, uneven))))

    if len(sweep.points) < 2:
        return bound(None, None, "not known: one point is no sweep")
    if np.isinf(value):
        return bound(None, None, "not reached: efficiency falls below 50 % again at the largest task of the sweep")
    largest = written(float(sweep.grain[-1]), "s")
    if reached < PLATEAU:
        at_least = value or float(granularity[0])
        note = f"not reached: above {written(at_least, 's')}; efficiency still climbs at the largest task, {largest}"
        return bound(at_least, None, note)
    if value == 0:
        note = f"below {written(float(granularity[0]), 's')}, the smallest granularity of the sweep"
        return bound(None, float(granularity[0]), note)
    drawn = bootstrap.medians(sweep.points, name)
    low = high = None
    if drawn is not None:
        effs, grans = sweep.efficiency(drawn), sweep.granularity(drawn)
        values = np.array([crossing(e, g) or g[0] for e, g in zip(effs, grans, strict=True)])
        low, high = bootstrap.interval(values)
    other = smallest(efficiency, granularity)
    notes = [uneven] if uneven else []
    if abs(other - value) > 1e-9 * value:
        where = written(other, "s") if other else f"below {written(float(granularity[0]), 's')}"
        notes.append(f"some smaller tasks reach 50 % too (by Task Bench's rule METG is {where})")
    return Derived(value, low, high, "s", description, names, "; ".join(notes))


def derive(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Derived]:
    """Return ``metg.<pattern>`` for each sweep of each variant."""
    found = {}
    for (variant, pattern), sweep in sweeps(probes).items():
        name = joined(variant, f"metg.{pattern}")
        found[name] = metg(sweep, name)
    return found
