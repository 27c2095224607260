"""A derived quantity, and the measured points that it is derived from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

#: First words of the names of probes and quantities; any other first word before one of these is a variant.
KINDS = frozenset(
    (
        *("weight", "startup", "task_cost", "metg", "payload", "memory", "scaling", "shared_job", "mixed", "job"),
        *("crosscheck", "overhead", "machine", "recovery", "reproducibility", "model"),
    )
)

_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))


@dataclass(frozen=True)
class Derived:
    """A quantity that follows from measurements, with its 95 % interval.

    *value*, *low* and *high* are in *unit* (SI; empty for a ratio).  A quantity that the measurements only bound has
    no value: then *low* alone says "above", *high* alone "below", neither "unknown", and *note* says why.  A value
    without *low* and *high* has too few samples for an interval.  *points* are the names of the probes that it came
    from.  *note* is what a reader must know beside the number.
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str
    description: str
    points: tuple[str, ...] = ()
    note: str = ""

    @property
    def bound(self) -> str:
        """``""`` for a quantity with a value, else ``"above"``, ``"below"``, ``"between"`` or ``"unknown"``."""
        if self.value is not None:
            return ""
        return {(False, False): "unknown", (True, False): "above", (False, True): "below", (True, True): "between"}[
            self.low is not None, self.high is not None
        ]

    @property
    def text(self) -> str:
        """The value or bound as a terminal shows it, such as ``41.2 µs`` or ``below 4 µs``."""
        if self.value is not None:
            return written(self.value, self.unit)
        ends = [written(end, self.unit) for end in (self.low, self.high) if end is not None]
        return " ".join((self.bound, " and ".join(ends))).strip()


@dataclass(frozen=True)
class Point:
    """One measured probe: raw *samples*, how many of them each pass gave, and what was set."""

    name: str
    samples: np.ndarray
    passes: tuple[int, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""

    @property
    def median(self) -> float:
        """Median of all samples."""
        return float(np.median(self.samples))

    def number(self, key: str) -> float | None:
        """Return a parameter as a positive number, or None where it is missing or no such number."""
        value = self.parameters.get(key)
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value > 0
        return float(value) if good else None


def check(probes: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise :class:`ValueError` for samples that no measurement gives."""
    for name, entry in probes.items():
        for sample in entry.get("samples", ()):
            if (
                isinstance(sample, bool)
                or not isinstance(sample, (int, float))
                or not math.isfinite(sample)
                or sample < 0
            ):
                raise ValueError(
                    f"probe {name!r}: {sample!r} is no sample; a time, size or count is a number from 0 up"
                )


def split(name: str) -> tuple[str, str]:
    """Split a probe's name into variant (empty for the default) and the rest."""
    first, _, rest = name.partition(".")
    if rest and first not in KINDS and rest.partition(".")[0] in KINDS:
        return first, rest
    return "", name


def joined(variant: str, name: str) -> str:
    """Return the name of a quantity with its variant."""
    return f"{variant}.{name}" if variant else name


def points(probes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Point]]:
    """Return the points that have samples, by variant and by name without the variant."""
    found: dict[str, dict[str, Point]] = {}
    for name, entry in probes.items():
        samples = np.asarray(entry.get("samples", ()), dtype=float)
        if samples.size:
            variant, base = split(name)
            counts = tuple(count for count in entry.get("passes") or () if count)
            if sum(counts) != samples.size:
                counts = (samples.size,)
            point = Point(name, samples, counts, entry.get("parameters") or {}, entry.get("unit", ""))
            found.setdefault(variant, {})[base] = point
    return found


def written(value: float | None, unit: str) -> str:
    """Return *value* with three digits, an SI prefix and its unit, such as ``41.2 µs``; a ratio without a prefix."""
    if value is None:
        return "unknown"
    if not unit:
        return f"{value:.3g}"
    factor, prefix = next((pair for pair in _PREFIXES if abs(value) >= pair[0]), _PREFIXES[-1] if value else (1.0, ""))
    scaled = float(f"{value / factor:.3g}")
    return f"{scaled:g} {prefix}{unit}"
