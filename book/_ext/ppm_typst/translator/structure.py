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
        self.depth += 1

    def depart_section(self, node: nodes.section) -> None:
        self.level -= 1
        self.depth -= 1

    def visit_title(self, node: nodes.title) -> None:
        section = node.parent
        if not isinstance(section, nodes.section):
            self.emit(f"\n#rubric{self.content(node.children)}\n\n")
        number = self.builder.numbers.section(self.docname, section)
        with self.set(notes_allowed=False):
            title = self.content(node.children)
        name = None
        if section.get("ids"):
            name = self.builder.destinations.names[
                self.docname, self.builder.destinations.main(self.docname, section)
            ]
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
        """What the template calls the heading: the look depends on the place in the document, not on the level."""
        if self.depth > 1:
            return _SECTIONS[min(self.depth, len(_SECTIONS)) - 1]
        if self.docname == self.config.root_doc:
            return "preface"
        if self.level == 1 and self.builder.env.toctree_includes.get(self.docname):
            return "part"
        # Documents below a chapter are its sections.
        return _SECTIONS[min(max(self.level - 2, 0), len(_SECTIONS) - 1)]

    def visit_subtitle(self, node: nodes.subtitle) -> None:
        self.emit(f"\n#rubric{self.content(node.children)}\n\n")

    def visit_toctree(self, node: addnodes.toctree) -> None:
        documents = [
            name for name in node["includefiles"] if name in self.builder.trees and name not in self.builder.translated
        ]
        if self.docname == self.config.root_doc:
            # The root's own text comes first, whole.
            self.following += documents
        else:
            for docname in documents:
                if docname not in self.builder.translated:
                    self.write(self.builder.translate(docname, self.level + 1)[0])
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
