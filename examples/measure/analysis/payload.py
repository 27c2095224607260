"""Latency and bandwidth of moving data to and from a task.

The model is a straight line, time = latency + bytes ÷ bandwidth.  Engines bend it: small arguments take another path
than large ones, and a caller that polls sees times in steps of its poll.  So the two ends are read where each of them
decides:

* bandwidth is the slope of the line through the sizes from 1 MB up, with a free, non-negative intercept, which takes
  what a poll or a handshake adds.  It is fitted by least squares of the log of the times, so that each size counts by
  its ratio to the line: twice and half are equally far off, and 100 MB does not outweigh the rest;
* latency is the time at the smallest size, less the little that the line gives its bytes.

How far the one line with these two parameters is off is part of the answer: the note gives the factor where it is
more than :data:`LOOSE`.  When not even the large sizes lie within a factor of :data:`POOR` of a line, there is no
bandwidth, only the range of the slopes between neighboring sizes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import nnls

from examples.measure.analysis import bootstrap
from examples.measure.analysis.quantity import Derived, Point, joined, points, written

#: Smallest size whose time is decided by its bytes, in bytes.
LARGE = 1_000_000
#: Factor between line and time beyond which a note says so, and beyond which the large sizes give no bandwidth.
LOOSE, POOR = 1.25, 2.0
#: Share of the largest size's time that its bytes must take for a slope to count as one.
FLAT = 0.01
#: Most repetitions of the weighted fit; it stands still to six digits after fewer where the sizes lie near a line.
ROUNDS = 12

_SIZE = re.compile(r"(?P<path>payload(?:\.[a-z_]+)+)\.(?P<number>\d+)(?P<unit>B|kB|MB|GB)$")
_UNITS = {"B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}


def paths(probes: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], list[tuple[float, Point]]]:
    """Return (bytes, point) by rising size, by variant and path such as ``payload.buffer.in``."""
    found: dict[tuple[str, str], list[tuple[float, Point]]] = {}
    for variant, named in points(probes).items():
        for name, point in named.items():
            match = _SIZE.match(name)
            if match and point.samples.min() > 0:
                size = point.number("bytes") or float(int(match["number"]) * _UNITS[match["unit"]])
                found.setdefault((variant, match["path"]), []).append((size, point))
    return {key: sorted(rows, key=lambda row: row[0]) for key, rows in found.items()}


def line(sizes: np.ndarray, times: np.ndarray) -> tuple[float, float]:
    """Return intercept (s) and slope (s/B), neither below 0, of the line with the least squared error of log time.

    Non-negative least squares, repeated with weights log(t/m) ÷ ((t − m)·m) from the line m found before: where the
    weights stand still, the gradient is that of the squared logs.
    """
    columns = np.column_stack((np.ones_like(times), sizes / 1e6))
    weights, found = 1 / times**2, np.zeros(2)
    for _ in range(ROUNDS):
        root = np.sqrt(weights)
        before, (found, _) = found, nnls(columns * root[:, None], times * root)
        if np.allclose(before, found, rtol=1e-6, atol=0):
            break
        fitted = np.maximum(columns @ found, 1e-3 * times)
        difference = times / fitted - 1
        near = np.abs(difference) < 1e-6
        weights = np.where(near, 1.0, np.log1p(difference) / np.where(near, 1.0, difference)) / fitted**2
    return float(found[0]), float(found[1]) / 1e6


def large(sizes: np.ndarray) -> slice:
    """Return which sizes decide the bandwidth: those from 1 MB up, or the two largest where there are not two such."""
    return slice(min(int(np.searchsorted(sizes, LARGE)), len(sizes) - 2), None)


def fit(sizes: np.ndarray, times: np.ndarray) -> tuple[float, float]:
    """Return latency (s, not below 0) and slope (s/B, 0 where time does not grow)."""
    part = large(sizes)
    _, slope = line(sizes[part], times[part])
    return max(0.0, float(times[0] - slope * sizes[0])), slope


def measure(rows: Sequence[tuple[float, Point]], name: str, path: str) -> dict[str, Derived]:
    """Return ``<name>.bandwidth`` and ``<name>.latency`` of one path."""
    sizes = np.array([size for size, _ in rows])
    chosen = [point for _, point in rows]
    times = np.array([point.median for point in chosen])
    names = tuple(point.name for point in chosen)
    part = large(sizes)
    latency, slope = fit(sizes, times)
    drawn = bootstrap.medians(chosen, name)
    fits = None if drawn is None else np.array([fit(sizes, row) for row in drawn])
    low, high = bootstrap.interval(None if fits is None else fits[:, 0])
    found = {
        f"{name}.latency": Derived(
            latency, low, high, "s", f"time of the smallest {path}, {int(sizes[0]):,} bytes, less its bytes", names[:1]
        )
    }
    found[f"{name}.bandwidth"] = _bandwidth(sizes, times, latency, slope, fits, path, names[part])
    return found


def _bandwidth(sizes, times, latency, slope, fits, path, names) -> Derived:
    part = large(sizes)
    description = f"bytes that one task of {path} moves in a second, from {written(sizes[part][0], 'B')} up"

    def off(intercept: float, where: slice) -> tuple[float, float]:
        ratio = (intercept + slope * sizes[where]) / times[where]
        factors = np.maximum(ratio, 1 / ratio)
        worst = int(factors.argmax())
        return float(factors[worst]), float(sizes[where][worst])

    low = high = None
    if fits is not None:
        with np.errstate(divide="ignore"):
            low, high = bootstrap.interval(np.where(fits[:, 1] > 0, 1 / fits[:, 1], np.inf))
    error, size = off(line(sizes[part], times[part])[0], part)
    if error > POOR:
        steps = _slopes(sizes[part], times[part])
        ends = (min(steps), max(steps)) if steps else (None, None)
        where = f"a factor of {error:.2g} at {written(size, 'B')}"
        note = f"no straight line: the fit is off by {where}; the range is that of the slopes"
        return Derived(None, *ends, "B/s", description, names, note)
    if slope * sizes[-1] < FLAT * times[-1] or (fits is not None and high is None):
        at_least = float(sizes[-1] / times[-1])
        note = f"no slope: up to {written(float(sizes[-1]), 'B')}, time does not grow with size beyond its noise"
        return Derived(None, at_least, None, "B/s", description, names, note)
    notes = []
    if sizes[part][0] < LARGE:
        notes.append(f"from sizes below {written(LARGE, 'B')} only")
    error, size = off(latency, slice(None))
    if error > LOOSE:
        notes.append(f"latency + bytes/bandwidth is off by a factor of {error:.3g} at {written(size, 'B')}")
    return Derived(1 / slope, low, high, "B/s", description, names, "; ".join(notes))


def _slopes(sizes: np.ndarray, times: np.ndarray) -> list[float]:
    """Return bytes per second between neighboring sizes, where the larger one takes longer."""
    steps = itertools.pairwise(zip(sizes.tolist(), times.tolist(), strict=True))
    return [(larger - smaller) / (late - early) for (smaller, early), (larger, late) in steps if late > early]


def derive(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Derived]:
    """Return ``<path>.bandwidth`` (B/s) and ``<path>.latency`` (s) for each path with two sizes or more."""
    found: dict[str, Derived] = {}
    for (variant, path), rows in paths(probes).items():
        if len({size for size, _ in rows}) > 1:
            found |= measure(rows, joined(variant, path), path.removeprefix("payload."))
    return found
