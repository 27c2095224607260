"""How well the passes of one run agree, and how well two runs agree.

A pass goes round all systems once, so that its passes lie minutes apart.  The spread of the samples within a pass
says little of what another run on another day would give; the spread of the medians between passes says more.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from examples.measure.analysis.quantity import Derived, Point, joined, points


def pass_medians(point: Point) -> np.ndarray:
    """Return the median of each pass, in the point's unit."""
    ends = list(itertools.accumulate(point.passes))
    return np.array([np.median(part) for part in np.split(point.samples, ends[:-1])])


def derive(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Derived]:
    """Return ``reproducibility.<probe>``: (largest − smallest median of a pass) ÷ median of all, for probes of two
    passes or more.

    It has no interval: a range of a few medians carries none.
    """
    found = {}
    for variant, named in points(probes).items():
        for base, point in named.items():
            if len(point.passes) > 1 and point.median > 0:
                middle = pass_medians(point)
                found[joined(variant, f"reproducibility.{base}")] = Derived(
                    float(np.ptp(middle)) / point.median,
                    None,
                    None,
                    "",
                    f"range of the medians of {len(point.passes)} passes ÷ median of all samples",
                    (point.name,),
                )
    return found


@dataclass(frozen=True)
class Agreement:
    """One probe in two runs: its medians, their ratio, the ratio that the runs' own spread allows, and whether it
    does."""

    name: str
    unit: str
    first: float
    second: float
    ratio: float
    allowed: float
    agree: bool


def agreement(first: Mapping[str, Mapping[str, Any]], second: Mapping[str, Mapping[str, Any]]) -> list[Agreement]:
    """Compare the probes that two runs share.

    They agree when the ratio of the medians, the larger to the smaller, is at most 1 + the larger of the two runs'
    stated spread, which is the half-width of the middle 90 % of the samples ÷ median or the range of the passes'
    medians ÷ median, whichever is wider.
    """
    left, right = _flat(first), _flat(second)
    rows = []
    for name in sorted(left.keys() & right.keys()):
        a, b = left[name], right[name]
        if min(a.median, b.median) > 0:
            ratio = b.median / a.median
            allowed = 1 + max(spread(a), spread(b))
            rows.append(Agreement(name, a.unit, a.median, b.median, ratio, allowed, max(ratio, 1 / ratio) <= allowed))
    return rows


def spread(point: Point) -> float:
    """Return the stated spread of a probe: what its samples or its passes vary by, as a share of the median."""
    low, high = np.quantile(point.samples, [0.05, 0.95])
    return float(max((high - low) / 2, np.ptp(pass_medians(point))) / point.median)


def _flat(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Point]:
    return {point.name: point for named in points(probes).values() for point in named.values()}
