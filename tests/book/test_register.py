"""The register of the book itself: valid, sourced, reviewed."""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "book" / "_ext") not in sys.path:
    sys.path.insert(0, str(ROOT / "book" / "_ext"))

from ppm_register.load import Fact, Register, load  # noqa: E402 - the path comes first
from ppm_register.titles import has_title, split_variant  # noqa: E402
from ppm_register.toml_lines import key_lines, line_of  # noqa: E402


def today() -> datetime.date:
    """Return the day on which facts are judged; ``PPM_TODAY=2027-06-01`` looks ahead."""
    return datetime.date.fromisoformat(os.environ.get("PPM_TODAY") or datetime.date.today().isoformat())


def expired(register: Register, day: datetime.date) -> list[str]:
    """Return a line for each fact that should have been reviewed."""
    return [
        _expired(register, fact)
        for system in register.ordered()
        for fact in system.facts.values()
        if fact.review_by < day
    ]


def _expired(register: Register, fact: Fact) -> str:
    path = register.systems[fact.system].path
    line = line_of(key_lines(path.read_text("utf8")), ["facts", fact.name, "review_by"])
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return (
        f"{shown}:{line}: fact {fact.system}:{fact.name} was to be reviewed by {fact.review_by}: check its source again"
    )


@pytest.fixture(scope="module")
def register() -> Register:
    return load(ROOT / "book" / "_data")


def test_systems_sources_and_measurements_are_valid(register: Register) -> None:
    assert not register.problems, "\n" + "\n".join(map(str, register.problems))
    assert register.systems


def test_no_fact_is_past_its_review(register: Register) -> None:
    late = expired(register, today())
    assert not late, "\n" + "\n".join(late)


def test_every_fact_was_checked_before_its_review(register: Register) -> None:
    wrong = [
        f"{system.path.name}: fact {fact.name} was checked on {fact.checked} and is to be reviewed by {fact.review_by}"
        for system in register.ordered()
        for fact in system.facts.values()
        if not fact.checked < fact.review_by
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def test_an_expired_fact_is_reported_with_its_line(register: Register) -> None:
    fact = next(fact for system in register.ordered() for fact in system.facts.values())
    late = expired(register, fact.review_by + datetime.timedelta(days=1))
    [line] = [line for line in late if f"fact {fact.system}:{fact.name} " in line]
    path, number, _ = line.split(":", 2)
    assert "review_by" in (ROOT / path).read_text("utf8").splitlines()[int(number) - 1]


def test_every_measured_system_has_the_version_that_its_chapter_names(register: Register) -> None:
    wrong = []
    for machine, measurements in register.machines.items():
        for measurement in measurements.values():
            system = register.subject(measurement.system)
            measured, said = measurement.data["packages"].get(system.data["distribution"]), system.data.get("version")
            if None not in (measured, said) and measured != said:
                wrong.append(f"{system.path.name}: version {said}, but {machine} measured {measured}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_probe_has_a_title_and_every_variant_a_label(register: Register) -> None:
    wrong = set()
    for measurements in register.machines.values():
        for measurement in measurements.values():
            system = register.subject(measurement.system)
            for name in measurement.probes:
                variant, base = split_variant(name, system)
                if not has_title(base, system):
                    wrong.add(f"{system.path.name}: probe {base} has no title in [probes]")
                if variant and variant not in system.data.get("variants", {}):
                    wrong.add(f"{system.path.name}: variant {variant} has no label in [variants]")
    assert not wrong, "\n" + "\n".join(sorted(wrong))
