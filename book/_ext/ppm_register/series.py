"""What a table or a plot shows: chosen probes of chosen systems, with labels and provenance."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from examples.measure.spread import APART

from .domain import RegisterDomain, RegisterError, names_in
from .load import Subject, did_you_mean
from .measurements import NOISY, Measurement, Quantity, Shown
from .own import YOURS
from .quantities import NBSP
from .titles import probe_title, split_variant

MEASURED = "measured"
WITHOUT, ALL = "default", "all"


@dataclass(frozen=True)
class Series:
    """The samples of one probe of one system, or of one of its variants; or what follows from its probes."""

    system: Subject
    variant: str
    base: str
    probe: Shown
    run: Measurement
    #: Whether the reader's own machine measured it.
    own: bool = False

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
    def published(self) -> str:
        """The system's name with its variant."""
        return f"{self.name}, {self.variant_label}" if self.variant_label else self.name

    @property
    def row(self) -> str:
        """The system's name with its variant, and whether it is the reader's own."""
        return f"{self.published} ({YOURS})" if self.own else self.published

    @property
    def derived(self) -> bool:
        """Whether it follows from probes, instead of being measured itself."""
        return isinstance(self.probe, Quantity)

    @property
    def mark(self) -> str:
        """A sign for what stayed noisy, empty for the rest."""
        return f"{NBSP}{NOISY}" if self.probe.noisy else ""

    @property
    def title(self) -> str:
        """The probe without its variant, as a reader calls it."""
        return probe_title(self.base, self.system)


def subjects_shown(domain: RegisterDomain, names: Sequence[str]) -> list[str]:
    """Return the ids to look at: those named, or every one for ``measured``, so that a later one adds itself."""
    if MEASURED not in names:
        return list(names)
    if len(names) > 1:
        raise RegisterError(f"{MEASURED!r} stands for every system: name no other beside it")
    domain.note_shown("*")
    return [subject.id for subject in domain.register.compared()]


def choose(
    domain: RegisterDomain,
    systems: Sequence[str],
    patterns: Sequence[str],
    machine: str | None = None,
    variants: str = "",
) -> list[Series]:
    """Return the probes that match the patterns (``payload.in.*``), system by system; raises RegisterError.

    ``measured`` stands for every system that has one of the probes.  *variants* ``default`` leaves out variants,
    ``all`` adds those of each pattern; without it patterns match full names.  A pattern with a wildcard matches what
    follows from probes where it matches no probe.  All come from one machine: without *machine* from the
    one that the page quotes and on which most systems match most patterns.
    """
    every = MEASURED in systems
    systems = subjects_shown(domain, systems)
    machine = machine or _machine(domain, systems, patterns, variants)
    runs = {}
    for system in systems:
        if every and domain.register.measurement(system, machine) is None:
            continue
        runs[system] = domain.run(system, machine)
    chosen: dict[tuple[str, str], Series] = {}
    for pattern in patterns:
        for derived in (False, True):
            found = [
                series
                for system, run in runs.items()
                for series in _matching(domain.subject(system), run, pattern, derived, variants)
            ]
            if found:
                break
        else:
            known = {name for run in runs.values() for name in names_in(run)}
            where = ", ".join(systems) if not every else "any system"
            raise RegisterError(f"no probe matches {pattern!r} in {where}{did_you_mean(pattern, known)}")
        for series in found:
            chosen.setdefault((series.system.id, series.probe.name), series)
    order = {system: position for position, system in enumerate(systems)}
    return sorted(chosen.values(), key=lambda item: order[item.system.id])


def _machine(domain: RegisterDomain, systems: Sequence[str], patterns: Sequence[str], variants: str) -> str | None:
    """Return the machine that the page quotes and on which most systems match most patterns, the first of equals."""

    def matches(machine: str) -> int:
        runs = [run for system in systems if (run := domain.register.measurement(system, machine))]
        return sum(
            any(
                next(_matching(domain.subject(run.system), run, pattern, kind, variants), None)
                for kind in (False, True)
            )
            for run in runs
            for pattern in patterns
        )

    return max(domain.order, key=matches, default=None)


def _matching(subject: Subject, run: Measurement, pattern: str, derived: bool, variants: str) -> Iterator[Series]:
    """Yield the probes of a run that match a pattern, or the quantities that follow from them."""
    names = names_in(run)
    for name in names:
        if (name not in run.probes) != derived:
            continue
        variant, base = split_variant(name, subject)
        fits = fnmatch.fnmatchcase(name, pattern) and not (variant and variants == WITHOUT)
        if fits or (variants == ALL and fnmatch.fnmatchcase(base, pattern)):
            yield Series(subject, variant, base, run.find(name), run)  # type: ignore[arg-type]


def own_series(domain: RegisterDomain, series: Sequence[Series]) -> list[Series]:
    """Return the same on the reader's own machine, as far as it was measured there."""
    found = []
    for item in series:
        if match := domain.own(item.system.id, item.probe.name):
            found.append(replace(item, probe=match[0], run=match[1], own=True))
    return found


def provenance(series: Sequence[Series]) -> str:
    """Write machine and date of what is shown, for its caption; nothing for nothing measured."""
    published, own = [[item for item in series if item.own == kind] for kind in (False, True)]
    return " ".join(f"{head} {_places(group)}." for head, group in (("Machine", published), ("Yours:", own)) if group)


def _places(series: Sequence[Series]) -> str:
    machines = list(dict.fromkeys(item.run.machine_text() for item in series))
    dates = sorted({item.run.date for item in series})
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    return f"{'; '.join(machines)}, {when}"


def legend_of_noise(series: Sequence[Series]) -> str:
    """Explain the mark of what stayed noisy, where it is shown."""
    text = f"{NOISY}: noisy, the machine did not settle, or the passes lie more than {APART * 100:.0f}{NBSP}% apart."
    return text if any(item.probe.noisy for item in series) else ""


def names_of(series: Sequence[Series]) -> list[str]:
    """Return the full names of the probes, for counting evidence."""
    return list(dict.fromkeys(f"{item.system.id}:{item.probe.name}" for item in series if not item.own))
