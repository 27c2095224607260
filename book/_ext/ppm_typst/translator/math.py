"""Formulas."""

from docutils import nodes

from .. import escape
from .base import Base


class Math(Base):
    """Formulas, their TeX source as the text that a screen reader says."""

    def visit_math(self, node: nodes.math) -> None:
        self.emit(f"#formula({escape.string(node.astext())}, ${self.builder.formulas[node]}$);")

    def visit_math_block(self, node: nodes.math_block) -> None:
        number = self.builder.numbers.equation(self.docname, node)
        arguments = [
            escape.string(node.astext().strip()),
            f"$ {self.builder.formulas[node]} $",
            f"number: [({escape.markup(number)})]" if number else "number: none",
            f"anchors: [{self.anchors(node)}]",
        ]
        self.emit(f"\n#display-formula({', '.join(arguments)})\n\n")
