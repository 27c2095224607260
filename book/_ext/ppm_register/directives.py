"""What the directives that show facts and measurements share: options, captions, errors."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .domain import RegisterDomain, RegisterError, domain_of
from .quantities import UnitError
from .series import ALL, WITHOUT, Series, choose

logger = logging.getLogger(__name__)


def words(text: str | None) -> list[str]:
    """Read an option that lists names, separated by commas or spaces."""
    return [word for word in re.split(r"[,\s]+", text or "") if word]


def items(text: str | None) -> list[str]:
    """Read an option that lists texts, separated by commas or lines."""
    return [" ".join(item.split()) for item in re.split(r"[,\n]", text or "") if item.strip()]


def _variants(text: str | None) -> str:
    return directives.choice(text, (ALL, WITHOUT))


class RegisterDirective(SphinxDirective):
    """A directive over the register; what is wrong is one error at its place."""

    has_content = False
    option_spec = {
        "systems": words,
        "machine": directives.unchanged_required,
        "variants": _variants,
        "caption": directives.unchanged_required,
        "name": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the nodes, or nothing after an error."""
        try:
            return self.show(domain_of(self.env))
        except (RegisterError, UnitError) as error:
            logger.error("{%s}: %s", self.name, error, location=self.get_location(), type="ppm")
            return []

    def show(self, domain: RegisterDomain) -> list[nodes.Node]:
        """Return the nodes; raises RegisterError or UnitError."""
        raise NotImplementedError

    def required(self, option: str) -> Any:
        """Return an option that has to be there."""
        value = self.options.get(option)
        if not value:
            raise RegisterError(f"option :{option}: is missing")
        return value

    def chosen(self, domain: RegisterDomain) -> list[Series]:
        """Return the probes asked for, of the systems asked for; raises RegisterError."""
        systems, patterns = self.chosen_systems(), self.required("probes")
        return choose(domain, systems, patterns, self.options.get("machine"), self.options.get("variants", ""))

    def chosen_systems(self) -> list[str]:
        """Return the systems named, or the one whose page this is."""
        return self.options.get("systems") or [self.env.docname.rsplit("/", 1)[-1]]

    def caption(self, default: str, *more: str) -> list[nodes.Node]:
        """Return the caption as read, and what is added to it."""
        text = self.options.get("caption", default).strip()
        children, messages = self.parse_inline(text if text[-1] in ".!?" else f"{text}.")
        return [*children, *messages, *(nodes.Text(f" {sentence}") for sentence in more if sentence)]
