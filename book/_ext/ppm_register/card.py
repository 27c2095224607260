"""The directive ``{system-card}``: what a reader wants to know of a system before reading on."""

from __future__ import annotations

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .domain import RegisterError, domain_of
from .load import System
from .quantities import NBSP
from .roles import measured_node

logger = logging.getLogger(__name__)

# The measured lines of every card.
PROBES = {"Start-up to first result": "startup.first_result", "Cost per task": "task_cost.roundtrip"}


class SystemCard(SphinxDirective):
    """``{system-card} ray``: a definition list with the class ``system-card``."""

    required_arguments = 1
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the card."""
        try:
            system = domain_of(self.env).system(self.arguments[0])
        except RegisterError as error:
            logger.error("{system-card}: %s", error, location=self.get_location(), type="ppm")
            return []
        return [self.card(system)]

    def card(self, system: System) -> nodes.definition_list:
        """Build the list."""
        data, texts = system.data, system.data["card"]
        rows: list[tuple[str, list[nodes.Node]]] = [
            ("Version run", [nodes.Text(self.version(system))]),
            ("License", [nodes.Text(data["license"])]),
            ("Runs on", self.inline(texts["runs-on"])),
            ("Unit of work", self.inline(texts["unit-of-work"])),
        ]
        if system.install:
            rows.append(("Install", [nodes.literal("", system.install)]))
        rows += [(label, [self.measured(system, probe)]) for label, probe in PROBES.items()]
        rows += [
            ("Use when", self.inline(texts["use-when"])),
            ("Avoid when", self.inline(texts["avoid-when"])),
            ("Links", self.links(system)),
        ]
        card = nodes.definition_list(classes=["system-card"])
        for label, children in rows:
            name = label.lower().replace(" ", "-")
            item = nodes.definition_list_item("", nodes.term("", label), classes=[f"card-{name}"])
            item += nodes.definition("", nodes.paragraph("", "", *children))
            card += item
        self.set_source_info(card)
        return card

    def version(self, system: System) -> str:
        """Write the version that the chapter ran."""
        released = f" (released {system.data['released']})" if "released" in system.data else ""
        run = domain_of(self.env).register.measurement(system.id)
        python = f", Python{NBSP}{run.data['python']['version']}" if run else ""
        return system.data["version"] + released + python

    def inline(self, text: str) -> list[nodes.Node]:
        """Read a line of the register as inline Markdown."""
        children, messages = self.parse_inline(text)
        return [*children, *messages]

    def measured(self, system: System, probe: str) -> nodes.Node:
        """Return the measured number, or that there is none."""
        try:
            found, run = domain_of(self.env).probe(system.id, probe)
        except RegisterError:
            return nodes.inline("", "not measured", classes=["absent"])
        return measured_node(found.scaled(), run, self.env)

    def links(self, system: System) -> list[nodes.Node]:
        """Link the project's own pages."""
        links: list[nodes.Node] = []
        for label, key in (("homepage", "homepage"), ("source code", "repository")):
            if key in system.data:
                links += [nodes.Text(" · ")] if links else []
                links.append(nodes.reference("", label, refuri=system.data[key], internal=False))
        return links
