"""Measured samples, their statistics and where they come from."""

from __future__ import annotations

import hashlib
import json
import statistics
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from examples.measure.spread import APART, reproducibility

from .derived import derive
from .quantities import NBSP, base, best_unit, convert, dimension, number_text, unit_name, with_unit

STATISTICS = ("median", "p5", "p95", "min", "max", "n")
#: What a derived quantity has: its value, and the ends of its 95 % interval.
DERIVED_STATISTICS = ("value", "low", "high")
#: Stands beside a number whose samples stayed noisy; its legend says so.
NOISY = "†"
_NAMES = {
    "median": "Median",
    "p5": "5th percentile",
    "p95": "95th percentile",
    "min": "Minimum",
    "max": "Maximum",
}


def percentile(samples: list[float], percent: float) -> float:
    """Return a percentile by linear interpolation between the nearest samples."""
    ordered = sorted(samples)
    position = (len(ordered) - 1) * percent / 100
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def compute(samples: list[float], statistic: str) -> float:
    """Return one statistic of samples."""
    match statistic:
        case "median":
            return statistics.median(samples)
        case "p5":
            return percentile(samples, 5)
        case "p95":
            return percentile(samples, 95)
        case "min":
            return min(samples)
        case "max":
            return max(samples)
        case "n":
            return len(samples)
    raise ValueError(statistic)


def digits_for(samples: list[float]) -> int:
    """Return the digits that the spread supports: three where the middle 90 % span a tenth of the median, else two."""
    middle = abs(statistics.median(samples))
    spread = percentile(samples, 95) - percentile(samples, 5)
    return 3 if spread <= 0.1 * middle else 2


@dataclass(frozen=True)
class Probe:
    """The samples of one probe, in one unit."""

    name: str
    unit: str
    samples: list[float]
    parameters: dict[str, Any]
    description: str = ""
    #: Whether the samples stayed noisy beyond the harness's limit after repeats.
    noisy: bool = False

    def to(self, unit: str) -> Probe:
        """Return the probe in another unit; raises UnitError."""
        samples = convert(self.samples, self.unit, unit, self.parameters.get("bytes"))
        return replace(self, unit=unit_name(unit), samples=samples)

    def scaled(self) -> Probe:
        """Return the probe in the unit that suits its median."""
        return self if self.exact else self.to(best_unit(self.value(), self.unit, self.digits))

    @property
    def exact(self) -> bool:
        """Whether the probe counts things instead of measuring a quantity."""
        return dimension(self.unit) == self.unit

    def value(self, statistic: str = "median") -> float:
        """Return a statistic in the probe's unit."""
        return compute(self.samples, statistic)

    def base_value(self, statistic: str = "median") -> float:
        """Return a statistic in seconds, bytes and so on."""
        return self.value(statistic) if statistic == "n" else base(self.value(statistic), self.unit)

    @cached_property
    def digits(self) -> int:
        """How many digits the spread supports."""
        return digits_for(self.samples)

    def number(self, statistic: str = "median") -> str:
        """Write a statistic without its unit."""
        value = self.value(statistic)
        if statistic == "n" or (self.exact and float(value).is_integer()):
            return f"{int(value):,}"
        return number_text(value, self.digits)

    def text(self, statistic: str = "median") -> str:
        """Write a statistic with its unit."""
        return self.number(statistic) if statistic == "n" else with_unit(self.number(statistic), self.unit)

    def spread(self) -> str:
        """Write the range of the middle 90 % of the samples."""
        low, high = self.number("p5"), self.number("p95")
        return with_unit(low if low == high else f"{low}–{high}", self.unit)

    @property
    def size(self) -> str:
        """How many runs there are."""
        count = len(self.samples)
        return f"{count:,}{NBSP}run{'s' if count != 1 else ''}"

    def summary(self, statistic: str = "median") -> str:
        """Write what a number stands for, as a sentence."""
        if len(self.samples) == 1:
            return "One run."
        if statistic == "median":
            return f"Median of {self.size}, 5th to 95th percentile {self.spread()}."
        if statistic == "n":
            return f"{self.size}, median {self.text()}."
        return f"{_NAMES[statistic]} of {self.size}, median {self.text()}."


@dataclass(frozen=True)
class Quantity:
    """A quantity that follows from probes, with its 95 % interval, in one unit.

    *value* is None where the measurements only bound it: then *low* alone says "above" and *high* alone "below".
    *points* names the probes that it follows from.
    """

    name: str
    unit: str
    estimate: float | None
    low: float | None
    high: float | None
    points: tuple[str, ...] = ()
    description: str = ""
    remark: str = ""
    noisy: bool = False
    parameters: ClassVar[dict[str, Any]] = {}
    exact: ClassVar[bool] = False

    @property
    def known(self) -> bool:
        """Whether there is a value, not a bound alone."""
        return self.estimate is not None

    def to(self, unit: str) -> Quantity:
        """Return the quantity in another unit; raises UnitError."""

        def converted(number: float | None) -> float | None:
            return None if number is None else convert([number], self.unit, unit)[0]

        ends = [converted(self.low), converted(self.high)]
        if dimension(self.unit) != dimension(unit):  # a time became a rate: what was short is now frequent
            ends.reverse()
        return replace(self, unit=unit_name(unit), estimate=converted(self.estimate), low=ends[0], high=ends[1])

    def scaled(self) -> Quantity:
        """Return the quantity in the unit that suits it."""
        number = next((n for n in (self.estimate, self.low, self.high) if n is not None), None)
        return self if number is None else self.to(best_unit(number, self.unit, self.digits))

    @property
    def digits(self) -> int:
        """How many digits the interval supports: three where it spans a tenth of the value, else two."""
        if self.estimate is None or self.low is None or self.high is None:
            return 2
        return 3 if self.high - self.low <= 0.1 * abs(self.estimate) else 2

    def value(self, statistic: str = "value") -> float:
        """Return the value, or an end of its interval, in the quantity's unit; raises LookupError without one."""
        number = {"low": self.low, "high": self.high}.get(statistic, self.estimate)
        if number is None:
            what = "value" if statistic not in ("low", "high") else f"{statistic} end of an interval"
            raise LookupError(f"{self.name} has no {what}: {self.remark or self.text()}")
        return number

    def base_value(self, statistic: str = "value") -> float:
        """Return a statistic in seconds, bytes and so on; raises LookupError where there is none."""
        return base(self.value(statistic), self.unit)

    def number(self, statistic: str = "value") -> str:
        """Write the value, or an end of its interval, without its unit; a bound with its word."""
        try:
            return number_text(self.value(statistic), self.digits)
        except LookupError:
            if statistic in ("low", "high"):
                return "unknown"
        words = {"low": "above", "high": "below"}
        bounds = [f"{word} {self.number(end)}" for end, word in words.items() if getattr(self, end) is not None]
        return " and ".join(bounds) or "not reached"

    def text(self, statistic: str = "value") -> str:
        """Write the value, or an end of its interval, with its unit."""
        number = self.number(statistic)
        return number if number in ("not reached", "unknown") else with_unit(number, self.unit)

    def spread(self) -> str:
        """Write the 95 % interval."""
        if not self.known or (self.low is None and self.high is None):
            return "unknown"
        low, high = self.number("low"), self.number("high")
        return with_unit(low if low == high else f"{low}–{high}", self.unit)

    @property
    def size(self) -> str:
        """From how many points it follows."""
        count = len(self.points)
        return f"{count}{NBSP}point{'s' if count != 1 else ''}"

    def summary(self, statistic: str = "value") -> str:
        """Write what the number stands for, as a sentence."""
        came = f"from {self.size}" if self.points else ""
        if not self.known:
            return f"{(self.remark or self.text()).rstrip('.')}{', ' * bool(came)}{came}."
        interval = (
            f"95{NBSP}% interval {self.spread()}" if self.spread() != "unknown" else "Too few samples for an interval"
        )
        ends = {"low": "Lower end of the ", "high": "Upper end of the "}.get(statistic, "")
        remark = f" {self.remark[0].upper()}{self.remark[1:].rstrip('.')}." if self.remark else ""
        value = f", value {self.text()}" if ends else ""
        return f"{ends}{interval}{value}{', ' * bool(came)}{came}.{remark}"


Shown = Probe | Quantity


@dataclass(frozen=True)
class Measurement:
    """One file of measurements: one system on one machine."""

    path: Path
    data: dict[str, Any]

    @property
    def system(self) -> str:
        """The system's id."""
        return self.data["system"]

    @property
    def machine(self) -> str:
        """The machine's id."""
        return self.data["machine"]["id"]

    @cached_property
    def digest(self) -> str:
        """A value that changes when the content does."""
        return hashlib.sha256(json.dumps(self.data, sort_keys=True).encode()).hexdigest()

    @property
    def date(self) -> str:
        """The day of the run, as YYYY-MM-DD."""
        return self.data["date"][:10]

    @cached_property
    def probes(self) -> dict[str, Probe]:
        """The probes by name."""
        return {
            name: Probe(
                name,
                entry["unit"],
                entry["samples"],
                entry.get("parameters", {}),
                entry.get("description", ""),
                bool(entry.get("noise", {}).get("marked")) or reproducibility(entry) > APART,
            )
            for name, entry in self.data["probes"].items()
        }

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """What follows from the probes, by name; raises DeriveError."""
        return {
            name: Quantity(
                name,
                entry["unit"],
                entry["value"],
                entry["low"],
                entry["high"],
                tuple(entry["points"]),
                entry["description"],
                entry["note"],
                any(self.probes[point].noisy for point in entry["points"] if point in self.probes),
            )
            for name, entry in derive(self.data["probes"]).items()
        }

    @property
    def names(self) -> list[str]:
        """The names of all that can be shown, measured before derived; raises DeriveError."""
        return [*self.probes, *(name for name in self.quantities if name not in self.probes)]

    def find(self, name: str) -> Shown | None:
        """Return a probe or what follows from probes; raises DeriveError."""
        return self.probes[name] if name in self.probes else self.quantities.get(name)

    def machine_text(self) -> str:
        """Write the machine for a note or a caption."""
        machine = self.data["machine"]
        cores = f"{machine['cores']:g}{NBSP}core{'s' if machine['cores'] != 1 else ''}"
        return f"{machine['id']} ({machine['cpu']}, {cores})"

    def provenance(self, distribution: str = "") -> str:
        """Write machine, versions and date."""
        python = self.data["python"]
        versions = [f"Python{NBSP}{python['version']}" + ("" if python["gil"] else " without the GIL")]
        if distribution in self.data["packages"]:
            versions.append(f"{distribution}{NBSP}{self.data['packages'][distribution]}")
        return f"Machine {self.machine_text()}, {', '.join(versions)}, {self.date}."

    def note(self, probe: Shown, statistic: str = "median", distribution: str = "", title: str = "") -> str:
        """Write what stands behind a measured number, for its tooltip and its footnote."""
        text = (title or probe.description).rstrip(".")
        about = f"{text[0].upper()}{text[1:]}. " if text else ""
        noise = f"{NOISY}{NBSP}Noisy: the machine did not settle, or the passes lie far apart. " if probe.noisy else ""
        return f"{about}{probe.summary(statistic)} {noise}{self.provenance(distribution)}"
