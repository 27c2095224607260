"""Holds the register while Sphinx runs, and knows which pages show which of it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import cached_property
from pathlib import Path
from typing import Any

from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from . import derived
from .derived import DeriveError
from .load import Fact, Register, Subject, System, did_you_mean, load
from .measurements import Measurement, Shown

logger = logging.getLogger(__name__)


class RegisterError(ValueError):
    """A name that the register does not hold, or data that does not fit; the message is for the writer of a page."""


class RegisterDomain(Domain):
    """The register as Sphinx's environment sees it.

    A domain, because Sphinx then keeps its records through parallel reading and incremental builds.
    """

    name = "ppm"
    label = "register"
    initial_data = {"shown": {}}
    data_version = 1

    @property
    def shown(self) -> dict[str, dict[str, str]]:
        """Which page showed which data: page, key, digest of what was shown."""
        return self.data["shown"]

    @cached_property
    def register(self) -> Register:
        """The register of this book, with the reader's own measurements where the build was given some."""
        derived.keep_in(Path(self.env.doctreedir) / "ppm-derived")
        own = self.env.config.ppm_own_measurements
        return load(Path(self.env.srcdir) / "_data", Path(own) if own else None)

    def clear_doc(self, docname: str) -> None:
        """Forget what a page showed."""
        self.shown.pop(docname, None)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        for docname in docnames:
            if docname in otherdata["shown"]:
                self.shown[docname] = otherdata["shown"][docname]

    def resolve_any_xref(self, *args: Any) -> list[Any]:
        """Return nothing: the register has no cross-references."""
        return []

    def note_shown(self, key: str) -> None:
        """Remember that the page being read shows a system's data (or ``*``, everybody's)."""
        self.shown.setdefault(self.env.docname, {})[key] = self.register.digest(key)

    def outdated(self) -> set[str]:
        """Return the pages that show something that has changed since."""
        return {
            docname
            for docname, keys in self.shown.items()
            if any(self.register.digest(key) != digest for key, digest in keys.items())
        }

    def system(self, name: str) -> System:
        """Look up a system with a chapter for the page being read; raises RegisterError."""
        subject = self.subject(name)
        if not isinstance(subject, System):
            raise RegisterError(f"{name!r} is measured, but has no chapter and no facts")
        return subject

    def subject(self, name: str) -> Subject:
        """Look up what is measured, with or without a chapter, for the page being read; raises RegisterError."""
        self.note_shown(name)
        register = self.register
        if found := register.subject(name):
            return found
        if any(problem.path.name == f"{name}.toml" for problem in register.problems):
            raise RegisterError(f"the data of system {name!r} has errors, reported above")
        known = {**register.systems, **register.subjects}
        raise RegisterError(f"unknown system {name!r}{did_you_mean(name, known)}")

    def fact(self, system: str, name: str) -> Fact:
        """Look up a fact for the page being read; raises RegisterError."""
        facts = self.system(system).facts
        if name not in facts:
            raise RegisterError(f"system {system!r} has no fact {name!r}{did_you_mean(name, facts)}")
        return facts[name]

    def run(self, system: str, machine: str | None = None) -> Measurement:
        """Look up a system's measurements for the page being read; raises RegisterError."""
        self.subject(system)
        machines = [machine] if machine else self.order
        measurement = next(filter(None, (self.register.measurement(system, name) for name in machines)), None)
        if measurement is None:
            where = " or ".join(machines) or "any machine"
            raise RegisterError(f"system {system!r} has no measurements on {where}")
        return measurement

    def probe(self, system: str, name: str, machine: str | None = None) -> tuple[Shown, Measurement]:
        """Look up a probe, or what follows from probes, for the page being read; raises RegisterError.

        Without *machine* it is taken from the first machine that the page quotes and that has it.
        """
        run = self.run(system, machine or self.machine_with({(system, name)}))
        names = names_in(run)
        if name not in names:
            raise RegisterError(f"system {system!r} has no probe {name!r} on {run.machine}{did_you_mean(name, names)}")
        return run.find(name), run  # type: ignore[return-value]

    @property
    def order(self) -> list[str]:
        """The machines that the page being read quotes, the preferred one first."""
        return self.register.order(self.env.docname)

    def machine_with(self, wanted: Set[tuple[str, str]]) -> str | None:
        """Return the quoted machine that has most of these pairs of a system and a name, the first one of equals.

        What is compared comes from one machine.  Nothing where none of them has any.
        """

        def has(machine: str) -> int:
            runs = {system: self.register.measurement(system, machine) for system, _ in wanted}
            return sum(1 for system, name in wanted if (run := runs[system]) and name in names_in(run))

        counts = {machine: has(machine) for machine in self.order}
        best = max(counts, key=counts.__getitem__, default=None)
        return best if best and counts[best] else None

    def own(self, system: str, name: str) -> tuple[Shown, Measurement] | None:
        """Look up the same on the reader's own machine; nothing where it was not measured."""
        run = self.register.own.get(system)
        found = run.find(name) if run and name in names_in(run) else None
        return (found, run) if run and found else None


def names_in(run: Measurement) -> list[str]:
    """Return the names of all that a run can show; raises RegisterError where nothing can be derived from it."""
    try:
        return run.names
    except DeriveError as error:
        raise RegisterError(f"{run.path}: {error}") from None


def domain_of(env: BuildEnvironment) -> RegisterDomain:
    """Return the register's domain."""
    return env.domains[RegisterDomain.name]  # type: ignore[return-value]


def report_problems(app: Any) -> None:
    """Log each mistake in the data as one line with its place."""
    for problem in domain_of(app.env).register.problems:
        logger.error("%s", problem.message, location=f"{problem.path}:{problem.line}", type="ppm")


def outdated_pages(app: Any, env: BuildEnvironment, added: Any, changed: Any, removed: Any) -> set[str]:
    """Tell Sphinx to read again the pages whose data changed."""
    return domain_of(env).outdated() - set(removed)
