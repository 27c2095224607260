"""How well the passes of one run agree.

A pass goes round all systems once, so that its passes lie minutes apart.  The spread of the samples within a pass says
little of what another run would give; the range of the medians of the passes says more.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

from examples.measure import spread
from examples.measure.analysis.quantity import Derived, joined, points


def derive(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, Derived]:
    """Return ``reproducibility.<probe>`` for probes of two passes or more.

    It is (largest − smallest median of a pass) ÷ median of all samples, as
    :func:`examples.measure.spread.reproducibility` says.  It has no interval: a range of a few medians carries none.
    ``reproducibility.typical`` is the median over the probes of a variant.
    """
    found = {}
    for variant, named in points(probes).items():
        ranges = {}
        for base, point in named.items():
            if len(point.passes) > 1 and point.median > 0:
                entry = {"samples": point.samples.tolist(), "passes": list(point.passes)}
                ranges[base] = spread.reproducibility(entry)
                text = f"range of the medians of {len(point.passes)} passes ÷ median of all samples"
                name = joined(variant, f"reproducibility.{base}")
                found[name] = Derived(ranges[base], None, None, "", text, (point.name,))
        if ranges:
            text = f"median of the ranges between passes over {len(ranges)} probes"
            names = tuple(named[base].name for base in ranges)
            middle = statistics.median(ranges.values())
            found[joined(variant, "reproducibility.typical")] = Derived(middle, None, None, "", text, names)
    return found
