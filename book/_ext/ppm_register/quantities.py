"""Numbers with units: conversion, the unit a reader wants, and two or three significant digits."""

from __future__ import annotations

import math

NBSP = "\N{NO-BREAK SPACE}"

# Unit: (dimension, how many base units it is).
UNITS = {
    "ns": ("time", 1e-9),
    "µs": ("time", 1e-6),
    "ms": ("time", 1e-3),
    "s": ("time", 1.0),
    "min": ("time", 60.0),
    "h": ("time", 3600.0),
    "B": ("size", 1.0),
    "kB": ("size", 1e3),
    "MB": ("size", 1e6),
    "GB": ("size", 1e9),
    "1/s": ("rate", 1.0),
    "B/s": ("throughput", 1.0),
    "kB/s": ("throughput", 1e3),
    "MB/s": ("throughput", 1e6),
    "GB/s": ("throughput", 1e9),
    "%": ("", 0.01),
}
ALIASES = {"us": "µs", "μs": "µs", "/s": "1/s"}
# What is chosen from when no unit is asked for, largest first.
SCALES = {
    "time": ("s", "ms", "µs", "ns"),
    "size": ("GB", "MB", "kB", "B"),
    "rate": ("1/s",),
    "throughput": ("GB/s", "MB/s", "kB/s", "B/s"),
}


class UnitError(ValueError):
    """A unit that is unknown or does not fit."""


def unit_name(unit: str) -> str:
    """Return the unit's one spelling."""
    return ALIASES.get(unit, unit)


def dimension(unit: str) -> str:
    """Return the dimension of a unit; a unit that is not in the table (``packages``) is its own dimension."""
    return UNITS.get(unit_name(unit), (unit, 1.0))[0]


def base(value: float, unit: str) -> float:
    """Return a value in the base unit of its dimension."""
    return value * UNITS.get(unit_name(unit), (unit, 1.0))[1]


def convert(values: list[float], unit: str, to: str, payload_bytes: float | None = None) -> list[float]:
    """Convert samples: times become rates (one task a sample) or throughput (where the payload is known)."""
    unit, to = unit_name(unit), unit_name(to)
    have, want = dimension(unit), dimension(to)
    if to not in UNITS and to != unit:
        raise UnitError(f"unknown unit {to!r}; known: {', '.join(UNITS)}")
    if have == want:
        return [base(value, unit) / base(1.0, to) for value in values]
    if have == "time" and want in ("rate", "throughput") and all(value > 0 for value in values):
        amount = 1.0 if want == "rate" else payload_bytes
        if amount is not None:
            return [amount / base(value, unit) / base(1.0, to) for value in values]
    raise UnitError(f"{unit!r} does not convert to {to!r}")


def round_significant(value: float, digits: int) -> float:
    """Round to a number of significant digits."""
    if not value or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def best_unit(value: float, unit: str, digits: int = 3) -> str:
    """Return the largest unit in which the rounded value is at least one."""
    scale = SCALES.get(dimension(unit), (unit,))
    size = abs(base(value, unit))
    return next((name for name in scale if round_significant(size / base(1.0, name), digits) >= 1), scale[-1])


def number_text(value: float, digits: int) -> str:
    """Write a number with significant digits and thousands separators, never with an exponent."""
    rounded = round_significant(value, digits)
    if not rounded or not math.isfinite(rounded):
        return f"{rounded:g}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{decimals}f}"


def with_unit(number: str, unit: str) -> str:
    """Join a number and its unit so that no line breaks between them."""
    if unit in ("", "count"):
        return number
    if unit == "1/s":
        return f"{number}/s"
    return f"{number}{NBSP}{unit}"


def quantity_text(value: float, unit: str, digits: int = 3) -> str:
    """Write a value in the unit that a reader wants."""
    unit = unit_name(unit)
    shown = best_unit(value, unit, digits)
    number = base(value, unit) / base(1.0, shown)
    if unit not in UNITS and float(number).is_integer():
        return with_unit(f"{int(number):,}", shown)  # a count is exact
    return with_unit(number_text(number, digits), shown)
