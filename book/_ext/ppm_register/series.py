"""What a table or a plot shows: chosen probes of chosen systems, with labels and provenance."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .domain import RegisterDomain, RegisterError
from .load import System, did_you_mean
from .measurements import Measurement, Probe
from .quantities import NBSP

#: What the harness measures on every system, as a reader calls it.
TITLES = {
    "startup.import": "Import",
    "startup.start": "Start of the engine",
    "startup.first_task": "First task",
    "startup.first_result": "Start-up to first result",
    "task_cost.roundtrip": "Round trip of one empty task",
    "task_cost.stream": "Cost per task in a stream",
    "memory.worker": "Memory per worker",
    "weight.packages": "Packages installed",
    "weight.installed": "Installed size",
    "shared_job.sequential": "Shared job, sequential",
    "shared_job.parallel": "Shared job, parallel",
}
_PAYLOAD = re.compile(r"payload\.(?P<way>in|out)\.(?P<number>\d+)(?P<unit>[kMG]?B)")
_WAYS = {"in": "sent", "out": "returned"}


@dataclass(frozen=True)
class Series:
    """The samples of one probe of one system, or of one of its variants."""

    system: System
    variant: str
    base: str
    probe: Probe
    run: Measurement

    @property
    def name(self) -> str:
        """The system's name."""
        return self.system.name

    @property
    def variant_label(self) -> str:
        """What a reader calls the variant; empty for a default without a label."""
        labels = self.system.data.get("variants", {})
        return labels.get(self.variant or "default", self.variant)

    @property
    def row(self) -> str:
        """The system's name with its variant."""
        return f"{self.name}, {self.variant_label}" if self.variant_label else self.name

    @property
    def title(self) -> str:
        """The probe without its variant, as a reader calls it."""
        return probe_title(self.base, self.system)


def has_title(base: str, system: System) -> bool:
    """Whether a probe without its variant has a title, its system's or the book's."""
    return base in TITLES or base in system.data.get("probes", {}) or bool(_PAYLOAD.fullmatch(base))


def split_variant(name: str, system: System) -> tuple[str, str]:
    """Split ``threading.task_cost.stream`` into variant and probe; an unknown name is a probe without a variant."""
    parts = name.split(".")
    for start in range(len(parts)):
        base = ".".join(parts[start:])
        if has_title(base, system):
            return ".".join(parts[:start]), base
    if len(parts) > 1 and parts[0] in system.data.get("variants", {}):
        return parts[0], ".".join(parts[1:])
    return "", name


def probe_title(base: str, system: System) -> str:
    """Return what a reader calls a probe: the system's own title, the book's, or its name."""
    if base in (own := system.data.get("probes", {})):
        return own[base]
    if match := _PAYLOAD.fullmatch(base):
        return f"Task with {match['number']}{NBSP}{match['unit']} {_WAYS[match['way']]}"
    return TITLES.get(base, base.replace("_", " ").replace(".", ": ", 1))


def choose(
    domain: RegisterDomain, systems: Sequence[str], patterns: Sequence[str], machine: str | None = None
) -> list[Series]:
    """Return the probes that match the patterns (``payload.in.*``), system by system; raises RegisterError."""
    chosen: dict[tuple[str, str], Series] = {}
    missing = []
    for pattern in patterns:
        found = False
        for system in systems:
            for name in _matching(domain, system, pattern, machine):
                probe, run = domain.probe(system, name, machine)
                data = domain.register.systems[system]
                variant, base = split_variant(name, data)
                chosen.setdefault((system, name), Series(data, variant, base, probe, run))
                found = True
        if not found:
            missing.append(pattern)
    if missing:
        known = {name for s in systems if (run := domain.register.measurement(s, machine)) for name in run.probes}
        names = ", ".join(systems)
        raise RegisterError(f"no probe matches {missing[0]!r} in {names}{did_you_mean(missing[0], known)}")
    order = {system: position for position, system in enumerate(systems)}
    return sorted(chosen.values(), key=lambda item: order[item.system.id])


def _matching(domain: RegisterDomain, system: str, pattern: str, machine: str | None) -> list[str]:
    domain.system(system)
    run = domain.register.measurement(system, machine)
    if run is None:
        where = machine or domain.register.reference or "any machine"
        raise RegisterError(f"system {system!r} has no measurements on {where}")
    return [name for name in run.probes if fnmatch.fnmatchcase(name, pattern)]


def provenance(series: Sequence[Series]) -> str:
    """Write machine and date of what is shown, for its caption; nothing for nothing measured."""
    if not series:
        return ""
    machines = list(dict.fromkeys(item.run.machine_text() for item in series))
    dates = sorted({item.run.date for item in series})
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    return f"Machine {'; '.join(machines)}, {when}."


def names_of(series: Sequence[Series]) -> list[str]:
    """Return the full names of the probes, for counting evidence."""
    return [f"{item.system.id}:{item.probe.name}" for item in series]
