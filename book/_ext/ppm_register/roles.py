"""The roles ``{fact}`` and ``{measured}``."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinxcontrib.bibtex.citation_target import CitationTarget
from sphinxcontrib.bibtex.roles import CitationRef

from .domain import RegisterDomain, RegisterError, domain_of
from .load import Fact
from .measurements import DERIVED_STATISTICS, STATISTICS, Measurement, Quantity, Shown
from .nodes import RegisterValue, fact, measured, value_node
from .own import where
from .quantities import NBSP, UnitError, with_unit
from .titles import probe_title, split_variant

logger = logging.getLogger(__name__)

_FACT = re.compile(r"(?P<system>[\w-]+):(?P<name>[\w-]+)")
_MEASURED = re.compile(
    r"(?P<system>[\w-]+):(?P<probe>[\w.-]+)(?:\s+(?P<statistic>(?!in\s)\w+))?(?:\s+in\s+(?P<unit>\S+))?"
)


class RegisterRole(SphinxRole):
    """A role that looks something up; what is wrong is one error at its place."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the node, or the text as typed after an error."""
        try:
            return [self.look_up(domain_of(self.env))], []
        except (RegisterError, UnitError) as error:
            logger.error("{%s}`%s`: %s", self.name, self.text, error, location=self.place(), type="ppm")
            return [nodes.literal(self.rawtext, self.text)], []

    def place(self) -> str:
        """Return file and line; MyST knows only the line where the paragraph starts."""
        source, start = self.get_source_info()
        try:
            lines = Path(source).read_text("utf8").splitlines()
        except OSError:
            return self.get_location()
        first = self.text.splitlines()[0]
        return f"{source}:{next((n for n, line in enumerate(lines[start - 1 :], start) if first in line), start)}"

    def look_up(self, domain: RegisterDomain) -> RegisterValue:
        """Return the node; raises RegisterError or UnitError."""
        raise NotImplementedError


def fact_text(item: Fact) -> str:
    """Write a fact's value with its unit."""
    if item.unknown:
        return "unknown"
    if isinstance(item.value, bool):
        return "yes" if item.value else "no"
    if isinstance(item.value, str):
        return with_unit(item.value, item.unit)
    # Separators help to read a quantity; a bare number may be a port.
    number = f"{item.value:,}" if item.unit else str(item.value)
    return with_unit(number, item.unit)


def fact_note(item: Fact) -> str:
    """Write what stands behind a fact."""
    about = f"version{NBSP}{item.version}, checked {item.checked}."
    if item.unknown:
        return f"Unknown: {item.reason.rstrip('.')}; {about}"
    where = f", {item.locator}" if item.locator else ""
    return f"Source: {item.source.title}{where}; {about}"  # type: ignore[union-attr]


def _note_cited(key: str, node: RegisterValue, env: BuildEnvironment) -> None:
    """Tell sphinxcontrib-bibtex that the page cites a source, so that the book's list of sources has it."""
    if "cite" in env.domaindata:
        reference = CitationRef(node["note_id"], env.docname, 0, [CitationTarget(key, "", "")])
        env.get_domain("cite").citation_refs.append(reference)  # type: ignore[attr-defined]


def fact_node(item: Fact, env: BuildEnvironment) -> RegisterValue:
    """Make the node of a fact; its value links to its source."""
    text = fact_text(item)
    node = value_node(fact, text, fact_note(item), env, sources=[item.source.key] if item.source else [])
    if item.source:
        _note_cited(item.source.key, node, env)
    if item.unknown:
        node["classes"].append("unknown")
    elif item.source and item.source.url:
        link = nodes.reference("", text, refuri=item.source.url, internal=False, classes=["fact-source"])
        node.children = []
        node += link
    return node


def measured_node(probe: Shown, run: Measurement, env: BuildEnvironment, statistic: str = "") -> RegisterValue:
    """Make the node of a measured number or of what follows from some, in the probe's unit."""
    domain = domain_of(env)
    system = domain.register.subject(run.system)
    assert system is not None  # its measurements were read with it
    statistic = statistic or ("value" if isinstance(probe, Quantity) else "median")
    _, base = split_variant(probe.name, system)
    title = system.data.get("probes", {}).get(base, "") or ("" if probe.description else probe_title(base, system))
    note = run.note(probe, statistic, system.data["distribution"], title)
    if mine := domain.own(run.system, probe.name):
        note += f" {own_text(mine[0].to(probe.unit), mine[1], statistic)}"
    return value_node(measured, probe.text(statistic), note, env, probes=[f"{run.system}:{probe.name}"])


def own_text(probe: Shown, run: Measurement, statistic: str) -> str:
    """Write what the reader's own machine gave."""
    return f"On your machine: {probe.text(statistic)} ({probe.spread()}), {where(run)}."


def check_statistic(probe: Shown, statistic: str) -> str:
    """Return the statistic asked for or the usual one; raises RegisterError for one that the probe does not have."""
    known = DERIVED_STATISTICS if isinstance(probe, Quantity) else STATISTICS
    if statistic and statistic not in known:
        what = f"{probe.name!r} follows from measurements: it has" if isinstance(probe, Quantity) else "there are"
        raise RegisterError(f"unknown statistic {statistic!r}; {what} {', '.join(known)}")
    return statistic or known[0]


class FactRole(RegisterRole):
    """``{fact}`ray:max-retries```."""

    def look_up(self, domain: RegisterDomain) -> RegisterValue:
        """Return the fact's node."""
        match = _FACT.fullmatch(self.text.strip())
        if not match:
            raise RegisterError("write system:fact")
        return fact_node(domain.fact(match["system"], match["name"]), self.env)


class MeasuredRole(RegisterRole):
    """``{measured}`ray:task_cost.roundtrip p95 in ms```."""

    def look_up(self, domain: RegisterDomain) -> RegisterValue:
        """Return the number's node."""
        match = _MEASURED.fullmatch(" ".join(self.text.split()))
        if not match:
            raise RegisterError("write system:probe, then a statistic and 'in <unit>' if need be")
        probe, run = domain.probe(match["system"], match["probe"])
        statistic = check_statistic(probe, match["statistic"] or "")
        return measured_node(probe.to(match["unit"]) if match["unit"] else probe.scaled(), run, self.env, statistic)
