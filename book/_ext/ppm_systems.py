"""The directive ``{part-systems}``: the system pages of a part, in the order that their own TOML files state.

A part's index page thus names no system, and adding one changes no shared file.
The list shows name and summary, and is a toctree for numbering and navigation; ``:hidden:`` leaves the list out.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from ppm_register.domain import domain_of
from ppm_register.load import System
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)


class PartSystems(SphinxDirective):
    """List the systems of the part whose index page this is."""

    option_spec = {"hidden": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the toctree and, unless hidden, the list."""
        domain = domain_of(self.env)
        domain.note_shown("*")
        part, _, page = self.env.docname.rpartition("/")
        if page != "index" or part not in domain.register.parts:
            parts = ", ".join(domain.register.parts)
            logger.error(
                "{part-systems} belongs in the index page of a part: %s",
                parts,
                location=self.get_location(),
                type="ppm",
            )
            return []
        systems = [system for system in domain.register.ordered(part) if self.has_page(part, system)]
        shown: list[nodes.Node] = [self.toctree(part, systems)]
        if "hidden" not in self.options and systems:
            shown.append(self.summaries(part, systems))
        return shown

    def has_page(self, part: str, system: System) -> bool:
        """Whether a system's page exists; data without a page is an error."""
        if f"{part}/{system.id}" in self.env.found_docs:
            return True
        message = "system %r has data (%s) and no page %s.md"
        location = self.get_location()
        logger.error(message, system.id, system.path.name, f"{part}/{system.id}", location=location, type="ppm")
        return False

    def toctree(self, part: str, systems: list[System]) -> nodes.Node:
        """Make the node that Sphinx numbers and navigates by; the visible list is ours."""
        names = [f"{part}/{system.id}" for system in systems]
        node = addnodes.toctree(
            parent=self.env.docname,
            entries=[(None, name) for name in names],
            includefiles=names,
            maxdepth=2,
            caption=None,
            rawcaption="",
            glob=True,  # so that Sphinx reads this page again when pages come or go
            hidden=True,
            includehidden=False,
            numbered=0,
            titlesonly=False,
        )
        self.set_source_info(node)
        return nodes.compound("", node, classes=["toctree-wrapper"])

    def summaries(self, part: str, systems: list[System]) -> nodes.Node:
        """List name and summary, each name linked to its page."""
        listed = nodes.definition_list(classes=["part-systems"])
        for system in systems:
            link = addnodes.pending_xref(
                "",
                nodes.inline("", system.name),
                refdomain="std",
                reftype="doc",
                reftarget=f"/{part}/{system.id}",
                refdoc=self.env.docname,
                refexplicit=True,
                refwarn=True,
            )
            children, messages = self.parse_inline(system.data["summary"])
            summary = nodes.definition("", nodes.paragraph("", "", *children, *messages))
            listed += nodes.definition_list_item("", nodes.term("", "", link), summary)
        self.set_source_info(listed)
        return listed


def setup(app: Any) -> dict[str, Any]:
    """Add the directive to Sphinx; the data comes from the register."""
    app.setup_extension("ppm_register")
    app.add_directive("part-systems", PartSystems)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
