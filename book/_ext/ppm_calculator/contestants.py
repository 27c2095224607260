"""Who takes part: every measured system and variant whose measurements give the cost model its parameters."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ppm_register.load import Register, Subject
from ppm_register.measurements import Measurement

from examples.measure import model


@dataclass(frozen=True)
class Contestant:
    """One system, or a variant of one, with its fitted parameters and their error on held-out jobs."""

    id: str
    name: str
    parameters: model.Parameters
    #: Median relative error, and the number of jobs that it is of; None and 0 where none was measured.
    error: float | None
    jobs: int
    run: Measurement

    def plain(self) -> dict[str, Any]:
        """Return what the page embeds."""
        plain = {"id": self.id, "name": self.name, "parameters": self.parameters.plain()}
        return plain | {"error": self.error, "jobs": self.jobs}


def contestants(register: Register, machine: str | None = None) -> list[Contestant]:
    """Return those measured on one machine, and the reader's own beside them.

    Without *machine* it is the reference machine that gives them most laws of scaling, the first one of equals.
    """
    if machine is None and len(register.references) > 1:
        found = [contestants(register, name) for name in register.references]
        return max(found, key=lambda some: sum(len(one.parameters.laws) for one in some))
    found = []
    for subject in register.compared():
        if run := register.measurement(subject.id, machine):
            found += _of(subject, run, "", "")
        if run := register.own.get(subject.id):
            found += _of(subject, run, "@own", " (your machine)")
    return found


def _of(subject: Subject, run: Measurement, tag: str, remark: str) -> Iterator[Contestant]:
    labels = subject.data.get("variants", {})
    variants = ["", *(name for name in labels if name != "default")]
    for variant in variants:
        medians = model.of_variant(run.data["probes"], variant)
        try:
            parameters = model.fit_medians(medians)
        except model.NotMeasured:
            continue
        errors = model.errors(parameters, medians)
        label = labels.get(variant or "default", variant)
        yield Contestant(
            f"{subject.id}.{variant}{tag}" if variant else f"{subject.id}{tag}",
            f"{subject.name}, {label}{remark}" if label else f"{subject.name}{remark}",
            parameters,
            statistics.median(map(abs, errors.values())) if errors else None,
            len(errors),
            run,
        )
