"""Sphinx's numbers, as it prints them in HTML."""

from docutils import nodes
from sphinx.environment import BuildEnvironment


class Numbers:
    """Section and caption numbers out of the environment; nothing is counted here."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env
        self.config = env.config
        self.standard = env.domains.standard_domain

    def section(self, docname: str, section: nodes.section) -> str | None:
        """The number of *section*, such as ``2.1.6``."""
        numbers = self.env.toc_secnumbers.get(docname, {})
        number = next((numbers[f"#{name}"] for name in section["ids"] if numbers.get(f"#{name}")), None)
        if number is None and isinstance(section.parent, nodes.document):
            number = numbers.get("")
        return ".".join(map(str, number)) if number else None

    def caption(self, docname: str, node: nodes.Element) -> str | None:
        """What stands before the caption of *node*, such as ``Fig. 2.3``."""
        kind = self.standard.get_enumerable_node_type(node)
        if not kind or not self.config.numfig:
            return None
        numbers = self.env.toc_fignumbers.get(docname, {}).get(kind, {})
        number = next((numbers[name] for name in node["ids"] if name in numbers), None)
        if number is None:
            return None
        return self.config.numfig_format.get(kind, "%s") % ".".join(map(str, number))

    def equation(self, docname: str, node: nodes.math_block) -> str | None:
        """The number of a labeled equation, without parentheses."""
        if node.get("number") is None:
            return None
        if self.config.math_numfig and self.config.numfig:
            numbers = self.env.toc_fignumbers.get(docname, {}).get("displaymath", {})
            number = next((numbers[name] for name in node["ids"] if name in numbers), None)
            if number is not None:
                return self.config.math_numsep.join(map(str, number))
        return str(node["number"])
