"""Footnotes: the writer's, those of measurements, and the addresses of links."""

from docutils import nodes

from .. import escape
from .base import Base


class Notes(Base):
    """A note that was given once in a chapter is referred to, not repeated."""

    # Headings and the notes themselves carry none.
    notes_allowed = True

    def begin(self, docname: str, level: int, depth: int) -> None:
        super().begin(docname, level, depth)
        self._notes: dict[str, str] = {}
        self._footnotes = {
            name: footnote for footnote in self.document.findall(nodes.footnote) for name in footnote["ids"]
        }

    def note(self, body: str) -> None:
        """Write a reference to the footnote with *body*, and the footnote where it is new in this document."""
        if not self.notes_allowed:
            return
        if body in self._notes:
            self.write(f"#footnote(label({escape.string(self._notes[body])}));")
            return
        name = f"note:{self.docname}:{len(self._notes) + 1}"
        self._notes[body] = name
        self.write(f"#footnote[#note-gap;{body}]#label({escape.string(name)});")

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> None:
        footnote = self._footnotes.get(node.get("refid", ""))
        if footnote is None:
            self.emit(f"#super[{escape.markup(node.astext())}];")
        with self.set(notes_allowed=False):
            body = self.capture(child for child in footnote.children if not isinstance(child, nodes.label))
        self.write(self.anchors(node))
        self.note(body)
        raise nodes.SkipNode

    # Printed where it is referred to.
    visit_footnote = Base.skip

    def visit_measured(self, node: nodes.inline) -> None:
        """A value of the register: what stands behind it goes to a footnote; the bibliography has the address."""
        with self.set(notes_allowed=False):
            text = self.capture(node.children)
        self.write(self.anchors(node) + text)
        if node.get("note"):
            self.note(escape.markup(node["note"]))
        raise nodes.SkipNode

    visit_fact = visit_claim = visit_measured

    def visit_citation(self, node: nodes.citation) -> None:
        label = next((child for child in node.children if isinstance(child, nodes.label)), None)
        with self.set(notes_allowed=False):
            body = self.capture(child for child in node.children if child is not label)
            text = self.capture(label.children) if label else ""
        self.emit(f"\n#bibliography-entry([{text}], [{self.anchors(node)}{body}])\n")
