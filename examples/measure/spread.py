"""How far samples lie apart: the few statistics that the harness itself needs, without any package."""

from __future__ import annotations

import statistics
from typing import Any

#: Reproducibility beyond which a number is marked: which pass a reader believes decides what he concludes, as the book
#: compares systems by factors, the smallest of which is about a third.
APART = 0.3


def percentile(samples: list[float], percent: float) -> float:
    """Return a percentile by linear interpolation between the nearest samples, in their unit."""
    ordered = sorted(samples)
    position = (len(ordered) - 1) * percent / 100
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def relative_spread(samples: list[float]) -> float:
    """Return (p95 - p5) / median, the width of the middle 90 % as a share of the median; 0 for a single sample."""
    middle = statistics.median(samples)
    return (percentile(samples, 95) - percentile(samples, 5)) / middle if len(samples) > 1 and middle else 0.0


def by_pass(entry: dict[str, Any]) -> list[list[float]]:
    """Return the samples of a probe's *entry* pass after pass; one list when the entry does not tell them apart."""
    samples = entry["samples"]
    found, start = [], 0
    for count in entry.get("passes") or [len(samples)]:
        found.append(samples[start : start + count])
        start += count
    return [one for one in found if one]


def pass_medians(entry: dict[str, Any]) -> list[float]:
    """Return the median of each pass, in the unit of the entry."""
    return [statistics.median(samples) for samples in by_pass(entry)]


def stated_interval(entry: dict[str, Any]) -> tuple[float, float]:
    """Return the stated spread of a probe: from the least to the largest of p5, p95 and the medians of its passes.

    The percentiles say how samples scatter within a run.
    The medians of passes say how far the machine and the engine move between runs, which one pass cannot show.
    """
    medians = pass_medians(entry)
    samples = entry["samples"]
    return min(percentile(samples, 5), *medians), max(percentile(samples, 95), *medians)


def reproducibility(entry: dict[str, Any]) -> float:
    """Return (largest - smallest median of a pass) / median of all samples; 0 for one pass."""
    medians = pass_medians(entry)
    middle = statistics.median(entry["samples"])
    return (max(medians) - min(medians)) / middle if len(medians) > 1 and middle else 0.0
