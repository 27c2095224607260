"""Paragraphs, lists, quotations, admonitions."""

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from .. import escape
from .base import Base

_NUMBERING = {"arabic": "1.", "loweralpha": "a.", "upperalpha": "A.", "lowerroman": "i.", "upperroman": "I."}
_TONES = {
    "tip": "good",
    "hint": "good",
    "important": "strong",
    "attention": "warn",
    "caution": "warn",
    "warning": "warn",
    "danger": "bad",
    "error": "bad",
    "seealso": "see",
}
# Paragraphs with a look of their own, by class.
_PARAGRAPHS = {"evidence": "evidence", "ppm-badge": "badge-line"}


class Blocks(Base):
    """What fills a page between headings, figures and code."""

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        self.write("\n\n")
        for name, function in _PARAGRAPHS.items():
            if name in node["classes"]:
                self.emit(f"#{function}[{self.anchors(node)}{self.capture(node.children)}]\n\n")
        self.write(self.anchors(node))

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        self.write("\n\n")

    # Lists

    def visit_bullet_list(self, node: nodes.bullet_list) -> None:
        marker = "marker: none, " if "contains-task-list" in node["classes"] else ""
        self._list(node, "list", marker)

    def visit_enumerated_list(self, node: nodes.enumerated_list) -> None:
        numbering = node.get("prefix", "") + _NUMBERING[node.get("enumtype", "arabic")]
        self._list(node, "enum", f"numbering: {escape.string(numbering)}, start: {node.get('start', 1)}, ")

    def _list(self, node: nodes.Element, function: str, arguments: str) -> None:
        items = [child for child in node.children if isinstance(child, nodes.list_item)]
        tight = all(sum(not isinstance(part, nodes.Sequential) for part in item.children) <= 1 for item in items)
        contents = ", ".join(self._item(item) for item in items)
        self.emit(f"\n#{function}(tight: {str(tight).lower()}, {arguments}{contents})\n\n")

    def _item(self, item: nodes.list_item) -> str:
        return f"[{self.anchors(item)}{self.content(item.children)[1:]}"

    def visit_hlist(self, node: addnodes.hlist) -> None:
        pass

    depart_hlist = visit_hlistcol = depart_hlistcol = visit_hlist

    def visit_definition_list(self, node: nodes.definition_list) -> None:
        items, rows = [], []
        for item in node.children:
            terms = [child for child in item.children if isinstance(child, nodes.term)]
            body = [child for child in item.children if isinstance(child, nodes.definition)]
            classifiers = [child for child in item.children if isinstance(child, nodes.classifier)]
            term = r" \ ".join(self.anchors(term) + self.capture(term.children) for term in terms)
            term += "".join(f" #emph{self.content(child.children)}" for child in classifiers)
            parts = [part for definition in body for part in definition.children]
            term = f"[{self.anchors(item)}{term}]"
            definition = self.content(parts)
            items.append(f"terms.item({term}, {definition})")
            rows.append(f"{term}, {definition}")
        if "system-card" in node["classes"]:
            self.emit(f"\n#system-card({', '.join(rows)})\n\n")
        self.emit(f"\n#definitions({', '.join(items)})\n\n")

    visit_glossary = depart_glossary = Base.pass_through

    def visit_field_list(self, node: nodes.field_list) -> None:
        items = [f"terms.item({self.content(f[0].children)}, {self.content(f[1].children)})" for f in node.children]
        self.emit(f"\n#definitions({', '.join(items)})\n\n")

    # Quotations and verse

    def visit_block_quote(self, node: nodes.block_quote) -> None:
        attribution = [child for child in node.children if isinstance(child, nodes.attribution)]
        body = [child for child in node.children if child not in attribution]
        by = f", attribution: {self.content(attribution[0].children)}" if attribution else ""
        self.emit(f"\n#quote(block: true{by}){self.content(body)}\n\n")

    def visit_line_block(self, node: nodes.line_block) -> None:
        self.emit(f"\n\n{self._lines(node, 0)}\n\n")

    def _lines(self, block: nodes.line_block, indent: int) -> str:
        lines = []
        for child in block.children:
            if isinstance(child, nodes.line_block):
                lines.append(self._lines(child, indent + 1))
            else:
                lines.append(
                    f"#h({indent * 1.5}em);{self.capture(child.children)}" if indent else self.capture(child.children)
                )
        return " \\\n".join(lines)

    # Boxes

    def visit_Admonition(self, node: nodes.Element) -> None:
        children = list(node.children)
        kind = type(node).__name__
        if children and isinstance(children[0], nodes.title):
            title = self.content(children.pop(0).children)
        else:
            title = f"[{escape.markup(str(admonitionlabels.get(kind, kind.capitalize())))}]"
        tone = next((_TONES[name] for name in (kind, *node["classes"]) if name in _TONES), "plain")
        self.emit(f"\n#admonition({escape.string(tone)}, {title}, {self.content(children)})\n\n")

    visit_topic = visit_sidebar = visit_Admonition

    def visit_versionmodified(self, node: addnodes.versionmodified) -> None:
        pass

    depart_versionmodified = visit_versionmodified
