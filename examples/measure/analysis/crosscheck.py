"""Ratios of this harness's figure to that of the engine's own tool for the same quantity.

Both are taken in turn in the same run, so that the ratio compares the two ways to measure and not two moments of the
machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from examples.measure.analysis import bootstrap
from examples.measure.analysis.quantity import Derived, joined, points

#: Relative difference beyond which a ratio must be explained in the book, or the harness fixed.
APART = 0.15


def derive(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Derived]:
    """Return ``crosscheck.<what>``, the ratio of medians ours ÷ theirs, for each pair of probes."""
    found = {}
    for variant, named in points(probes).items():
        for base, ours in named.items():
            what = base.removeprefix("crosscheck.").removesuffix(".ours")
            theirs = named.get(f"crosscheck.{what}.theirs")
            if base != f"crosscheck.{what}.ours" or theirs is None or min(theirs.median, ours.median) <= 0:
                continue
            name = joined(variant, f"crosscheck.{what}")
            ratio = ours.median / theirs.median
            drawn = bootstrap.medians((ours, theirs), name)
            low, high = bootstrap.interval(None if drawn is None else drawn[:, 0] / drawn[:, 1])
            tool = theirs.parameters.get("tool") or ours.parameters.get("tool") or "the engine's own tool"
            note = f"more than {APART:.0%} apart" if max(ratio, 1 / ratio) > 1 + APART else ""
            if ours.unit != theirs.unit:
                note = f"not comparable: {ours.unit or 'a count'} against {theirs.unit or 'a count'}"
                ratio = low = high = None
            found[name] = Derived(
                ratio, low, high, "", f"{what}: this harness's median ÷ that of {tool}", (ours.name, theirs.name), note
            )
    return found
