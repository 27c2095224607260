"""Documents, sections and the order of the book."""

from docutils import nodes
from sphinx import addnodes

from .. import escape
from .base import Base

_SECTIONS = ("chapter", "section", "subsection", "subsubsection")


class Structure(Base):
    """Headings take their level from the toctrees and their number from Sphinx."""

    def visit_document(self, node: nodes.document) -> None:
        pass

    depart_document = visit_document

    def visit_section(self, node: nodes.section) -> None:
        self.level += 1
        self.section_depth += 1

    def depart_section(self, node: nodes.section) -> None:
        self.level -= 1
        self.section_depth -= 1

    def visit_title(self, node: nodes.title) -> None:
        section = node.parent
        if not isinstance(section, nodes.section):
            self.emit(f"\n#rubric{self.content(node.children)}\n\n")
        number = self.builder.numbers.section(self.docname, section)
        with self.set(notes_allowed=False):
            title = self.content(node.children)
        name = None
        if section.get("ids"):
            name = self.builder.destinations.names[self.docname, self.builder.destinations.main(self.docname, section)]
            self.builder.emitted.add(name)
        arguments = [
            escape.string(self._kind(section)),
            str(self.level),
            escape.string(number) if number else "none",
            title,
            escape.string(name) if name else "none",
        ]
        self.write(f"\n#book-heading({', '.join(arguments)})\n{self.anchors(section, skip_main=True)}\n")
        raise nodes.SkipNode

    def _kind(self, section: nodes.section) -> str:
        """What the template calls the heading: its look depends on the document's place in the toctrees."""
        below = self.section_depth - 1
        if self.document_depth == 0:
            return ("preface", *_SECTIONS[1:])[min(below, 3)]
        if self.document_depth == 1 and below == 0 and self.builder.env.toctree_includes.get(self.docname):
            return "part"
        # A document below a chapter is one of its sections.
        return _SECTIONS[min(below + max(self.document_depth - 2, 0), 3)]

    def visit_subtitle(self, node: nodes.subtitle) -> None:
        self.emit(f"\n#rubric{self.content(node.children)}\n\n")

    def visit_toctree(self, node: addnodes.toctree) -> None:
        # The document's own text comes first, whole.
        self.following += [
            (docname, 1 if self.document_depth == 0 else self.level + 1)
            for docname in node["includefiles"]
            if docname in self.builder.trees
        ]
        raise nodes.SkipNode

    def visit_compound(self, node: nodes.compound) -> None:
        pass

    depart_compound = visit_compound
    visit_only = depart_only = Base.pass_through
    visit_centered = visit_rubric = visit_subtitle

    def visit_transition(self, node: nodes.transition) -> None:
        self.emit("\n#transition\n\n")

    # The index is printed from the environment; its targets are anchors of other nodes.
    visit_index = Base.skip
    visit_comment = visit_substitution_definition = visit_meta = visit_pending = Base.skip
    visit_highlightlang = visit_tabular_col_spec = visit_colspec = Base.skip
    # Reported while reading.
    visit_system_message = Base.skip
