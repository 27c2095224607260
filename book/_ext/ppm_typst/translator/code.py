"""Listings."""

from docutils import nodes

from .. import escape
from .base import Base


class Code(Base):
    """Code blocks, highlighted, with captions where they have one."""

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        self.emit(self._listing(node, node, "none"))

    visit_doctest_block = visit_literal_block

    def captioned_listing(self, node: nodes.container) -> None:
        """The container that Sphinx puts around a literal block with a caption."""
        caption, block = node.children
        self.emit(self._listing(block, node, self.caption(node, caption)))

    def _listing(self, block: nodes.Element, owner: nodes.Element, caption: str) -> str:
        code = block.astext()
        language = "pycon" if isinstance(block, nodes.doctest_block) else block.get("language", "default")
        lines = self.builder.highlighter.lines(code, language, block, force=block.get("force", False))
        details = block.get("highlight_args", {})
        anchors = self.anchors(owner) + (self.anchors(block) if block is not owner else "")
        arguments = [
            escape.string(code.rstrip("\n")),
            escape.array(lines),
            f"caption: {caption}",
            f"anchors: [{anchors}]",
        ]
        following = owner.next_node(descend=False, siblings=True)
        if isinstance(following, nodes.paragraph) and "ppm-badge" in following["classes"]:
            arguments.append("badged: true")
        if block.get("linenos"):
            arguments.append(f"first: {details.get('linenostart', 1)}")
        if details.get("hl_lines"):
            arguments.append(f"emphasized: {escape.array(details['hl_lines'])}")
        return f"\n#listing({', '.join(arguments)})\n\n"

    def caption(self, owner: nodes.Element, caption: nodes.Element, *more: nodes.Node) -> str:
        """The caption of a listing, figure or table with its number."""
        number = self.builder.numbers.caption(self.docname, owner)
        text = self.capture(caption.children)
        legend = self.capture(more)
        if number:
            text = f"#caption-number[{escape.markup(number)}] {text}"
        return f"[{text}\n\n{legend}]" if legend else f"[{text}]"
