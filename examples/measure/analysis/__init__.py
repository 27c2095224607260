"""What follows from measurements: minimum task granularity, bandwidths, scaling laws, ratios, reproducibility.

:func:`derive` computes every derived quantity of one result file from its raw samples.  It is pure and deterministic:
the same file gives the same numbers, to the last digit.  It runs when the book is built and when a reader compares
results; nothing on the measuring path imports it, because the measured environments have no SciPy.

A new kind of quantity is one more module with a function ``derive(probes) -> dict[str, Derived]`` and one more line in
:data:`SOURCES`.  Names of quantities carry the variant as a prefix, as those of probes do.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from examples.measure.analysis.quantity import Derived, check, written

__all__ = ["SOURCES", "Derived", "derive", "summary"]

#: Modules whose ``derive(probes)`` gives quantities that follow from the samples; named and not imported, so that a
#: module may import :class:`Derived` from here.
SOURCES = [
    "examples.measure.analysis.granularity",
    "examples.measure.analysis.payload",
    "examples.measure.analysis.laws",
    "examples.measure.analysis.crosscheck",
    "examples.measure.analysis.reproducibility",
    "examples.measure.analysis.cost_model",
]

#: Modules whose ``derive(probes, derived)`` also needs what the first ones found.
FOLLOWERS = ["examples.measure.analysis.recovery"]


def derive(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Derived]:
    """Return the derived quantities of one result file by name; *probes* is its ``probes`` object.

    A file that holds only a part of the probes gives the quantities that follow from the part.  Raises
    :class:`ValueError` with the probe's name when a probe has samples that no clock or meter gives: negative,
    infinite, or not numbers.
    """
    check(probes)
    found: dict[str, Derived] = {}
    for name in SOURCES:
        found |= importlib.import_module(name).derive(probes)
    for name in FOLLOWERS:
        found |= importlib.import_module(name).derive(probes, found)
    return found


def summary(probes: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Return rows for a terminal: name, value, 95 % interval and note of each derived quantity, reproducibility left
    out."""
    rows = []
    for name, item in sorted(derive(probes).items()):
        if "reproducibility." not in name:
            ends = [written(end, item.unit) if end is not None else "?" for end in (item.low, item.high)]
            spread = "" if item.value is None or ends == ["?", "?"] else " to ".join(ends)
            rows.append((name, item.text, spread, item.note))
    return rows
