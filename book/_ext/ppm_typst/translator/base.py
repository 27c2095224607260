"""What all mixins use: the output, captured parts, anchors; and the refusal of unknown nodes."""

import re
from collections.abc import Iterable
from contextlib import contextmanager

from docutils import nodes
from sphinx.util.docutils import SphinxTranslator

from .. import escape
from ..errors import PdfError, place

# These write the anchors of their ids themselves, where a page break cannot part them.
_ANCHOR_INSIDE = (
    nodes.section,
    nodes.paragraph,
    nodes.figure,
    nodes.table,
    nodes.literal_block,
    nodes.math_block,
    nodes.footnote,
    nodes.footnote_reference,
    nodes.citation,
    nodes.container,
)

# A part begins without the empty line that begins a paragraph: Typst would begin another.
_LEADING = re.compile(r"\A(?:\s+|(/\*@ [^*]* \*/))+")


class Base(SphinxTranslator):
    """State and helpers.  ``builder`` holds what the documents share."""

    def begin(self, docname: str, level: int, depth: int) -> None:
        """Start *docname*, which is *depth* toctrees below the root and whose first heading is at *level*."""
        self.docname = docname
        self.document_depth = depth
        self.level = level - 1
        self.section_depth = 0
        self.following: list[tuple[str, int]] = []
        self._output: list[str] = []

    def result(self) -> str:
        return "".join(self._output)

    def write(self, markup: str) -> None:
        self._output.append(markup)

    def capture(self, children: Iterable[nodes.Node]) -> str:
        """The markup of *children*, taken out of the output."""
        outer, self._output = self._output, []
        try:
            for child in children:
                child.walkabout(self)
            return _LEADING.sub(r"\1", "".join(self._output)).strip()
        finally:
            self._output = outer

    def content(self, children: Iterable[nodes.Node]) -> str:
        """The markup of *children* as a Typst content block."""
        return f"[{self.capture(children)}]"

    def emit(self, markup: str) -> None:
        """Write a node's whole markup: its children are part of it."""
        self.write(markup)
        raise nodes.SkipNode

    # Anchors

    def anchors(self, node: nodes.Element, *, skip_main: bool = False) -> str:
        """Markup that makes the ids of *node* reachable at this spot; labels that a writer set by name in the PDF."""
        if not node.get("ids"):
            return ""
        inline = self._is_inline(node)
        parts = []
        for name, explicit in self.builder.destinations.own(self.docname, node)[skip_main:]:
            if name in self.builder.emitted:
                continue
            self.builder.emitted.add(name)
            function = ("destination-inline" if inline else "destination") if explicit else "mark"
            parts.append(f"#{function}({escape.string(name)});")
        return "".join(parts)

    @staticmethod
    def _is_inline(node: nodes.Element) -> bool:
        return isinstance(node, nodes.Inline | nodes.paragraph | nodes.term) or isinstance(
            node.parent, nodes.TextElement
        )

    # Dispatch

    def dispatch_visit(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Element):
            if _is_block(node) and node.line is not None and node.source:
                # The builder looks up Typst's own errors here.
                self.write(f"\n/*@ {place(node)} */")
            if not isinstance(node, _ANCHOR_INSIDE):
                self.write(self.anchors(node))
        super().dispatch_visit(node)

    def unknown_visit(self, node: nodes.Node) -> None:
        raise PdfError(f"{place(node)}: the PDF does not know the node {type(node).__name__!r}")

    def unknown_departure(self, node: nodes.Node) -> None:
        """`unknown_visit` has raised."""

    def pass_through(self, node: nodes.Node) -> None:
        """Write the children alone."""

    def skip(self, node: nodes.Node) -> None:
        """Write nothing."""
        raise nodes.SkipNode

    @contextmanager
    def set(self, **values):
        """Attributes for the time of a ``with`` block."""
        before = {name: getattr(self, name) for name in values}
        for name, value in values.items():
            setattr(self, name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                setattr(self, name, value)


def _is_block(node: nodes.Element) -> bool:
    return (
        isinstance(node, nodes.Body)
        and not isinstance(node, nodes.Inline | nodes.Invisible)
        and not isinstance(node.parent, nodes.TextElement)
    )


def wrapped(function: str):
    """The visit and depart methods of a node that is one call around its content."""

    def visit(self: Base, node: nodes.Element) -> None:
        self.write(f"#{function}[")

    def depart(self: Base, node: nodes.Element) -> None:
        self.write("];")

    return visit, depart
