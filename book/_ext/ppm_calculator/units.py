"""Times as the calculator writes them: two digits, because the model knows no more."""

from __future__ import annotations

from ppm_register.quantities import NBSP, number_text, round_significant

#: Unit, seconds in it, and the least number of it that is written in it.
_SCALES = (("days", 86400, 2), ("h", 3600, 2), ("min", 60, 2), ("s", 1, 1), ("ms", 1e-3, 1), ("µs", 1e-6, 1))


def seconds_text(value: float) -> str:
    """Write seconds with two digits in the unit that suits them, as ``secondsText`` of calculator-input.js does."""
    if value == 0:
        return f"0{NBSP}s"
    shown = round_significant(value, 2)
    unit, size = next(((name, factor) for name, factor, least in _SCALES if shown >= factor * least), ("ns", 1e-9))
    return f"{number_text(value / size, 2)}{NBSP}{unit}"
