"""Measured samples, their statistics and where they come from."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .quantities import NBSP, base, best_unit, convert, dimension, number_text, unit_name, with_unit

STATISTICS = ("median", "p5", "p95", "min", "max", "n")
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

    def to(self, unit: str) -> Probe:
        """Return the probe in another unit; raises UnitError."""
        samples = convert(self.samples, self.unit, unit, self.parameters.get("bytes"))
        return Probe(self.name, unit_name(unit), samples, self.parameters, self.description)

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

    @property
    def date(self) -> str:
        """The day of the run, as YYYY-MM-DD."""
        return self.data["date"][:10]

    @cached_property
    def probes(self) -> dict[str, Probe]:
        """The probes by name."""
        return {
            name: Probe(
                name, entry["unit"], entry["samples"], entry.get("parameters", {}), entry.get("description", "")
            )
            for name, entry in self.data["probes"].items()
        }

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

    def note(self, probe: Probe, statistic: str = "median", distribution: str = "", title: str = "") -> str:
        """Write what stands behind a measured number, for its tooltip and its footnote."""
        count = len(probe.samples)
        runs = f"{count}{NBSP}run{'s' if count != 1 else ''}"
        if count == 1:
            what = "One run."
        elif statistic == "median":
            what = f"Median of {runs}, 5th to 95th percentile {probe.spread()}."
        elif statistic == "n":
            what = f"{runs.capitalize()}, median {probe.text()}."
        else:
            what = f"{_NAMES[statistic]} of {runs}, median {probe.text()}."
        text = (title or probe.description).rstrip(".")
        about = f"{text[0].upper()}{text[1:]}. " if text else ""
        return f"{about}{what} {self.provenance(distribution)}"
