"""Words: emphasis, code, links."""

import re

from docutils import nodes

from .. import escape
from .base import Base, wrapped


class Inline(Base):
    """Text and what stands within a line of it."""

    def visit_Text(self, node: nodes.Text) -> None:
        self.write(escape.markup(node.astext()))

    def depart_Text(self, node: nodes.Text) -> None:
        pass

    visit_emphasis, depart_emphasis = wrapped("emph")
    visit_strong, depart_strong = wrapped("strong")
    visit_subscript, depart_subscript = wrapped("sub")
    visit_superscript, depart_superscript = wrapped("super")
    visit_title_reference, depart_title_reference = wrapped("emph")
    visit_sd_badge, depart_sd_badge = wrapped("badge")

    def visit_literal(self, node: nodes.literal) -> None:
        text = node.astext()
        cut = escape.pieces(text) if len(text) > 9 else [text]
        if "kbd" in node["classes"]:
            self.emit(f"#kbd({escape.string(text)});")
        if len(cut) == 1:
            self.emit(f"#raw({escape.string(text)});")
        self.emit(f"#code({escape.string(text)}, {{{'; z; '.join(map(escape.string, cut))}}});")

    visit_literal_strong = visit_literal_emphasis = visit_literal

    def visit_inline(self, node: nodes.inline) -> None:
        if {"ppm-level", "sd-badge"} & set(node["classes"]):
            self.emit(f"#badge{self.content(node.children)};")
        if "spread" in node["classes"]:
            self.emit(f"#spread{self.content(node.children)};")

    depart_inline = visit_generated = depart_generated = Base.pass_through
    visit_problematic = depart_problematic = Base.pass_through
    visit_manpage, depart_manpage = wrapped("emph")
    # sphinx-design: text that it needs around a link.
    visit_PassthroughTextElement = depart_PassthroughTextElement = Base.pass_through

    def visit_abbreviation(self, node: nodes.abbreviation) -> None:
        pass

    def depart_abbreviation(self, node: nodes.abbreviation) -> None:
        if node.get("explanation"):
            self.write(escape.markup(f" ({node['explanation']})"))

    def visit_target(self, node: nodes.target) -> None:
        pass

    depart_target = visit_target

    # Links

    def visit_reference(self, node: nodes.reference) -> None:
        destination = self.destination(node)
        text = self.content(node.children)
        if {"sd-badge", "sd-btn"} & set(node["classes"]):
            text = f"[#badge{text}]"
        if destination is not None:
            self.builder.wanted.setdefault(destination, node)
            self.emit(f"#xref({escape.string(destination)}, {text});")
        address = node.get("refuri", "")
        if not address:
            self.emit(f"#{text};")
        shown = _bare(node.astext())
        if shown == _bare(address):
            self.emit(f"#link({escape.string(address)}, {printed_address(node.astext())});")
        self.write(f"#link({escape.string(address)}, {text});")
        if address.startswith(("https://", "http://")):
            self.note(f"#link({escape.string(address)}, {printed_address(address)})")
        raise nodes.SkipNode

    visit_number_reference = visit_reference

    def destination(self, node: nodes.reference) -> str | None:
        """The name in the PDF of what *node* points to, if that is in the book."""
        address = node.get("refuri", "")
        if node.get("refid"):
            target = (self.docname, node["refid"])
        elif address.startswith("#"):
            target = (self.docname, address[1:])
        elif address.startswith("%"):
            docname, _, name = address[1:].partition("#")
            target = (docname, name)
        else:
            return None
        if target == ("genindex", ""):
            return "genindex"
        return self.builder.destinations.names.get(target, "#".join(target))

    # A reference that Sphinx could not resolve; it has said so.
    visit_pending_xref = depart_pending_xref = Base.pass_through
    visit_download_reference = depart_download_reference = Base.pass_through

    # Written for one output

    def visit_raw(self, node: nodes.raw) -> None:
        formats = node.get("format", "").split()
        if "typst" in formats:
            self.emit(node.astext())
        if "html" in formats and 'type="checkbox"' in node.astext():
            # MyST's task lists have no node of their own.
            self.emit("#checkbox(true) " if "checked=" in node.astext() else "#checkbox(false) ")
        if "html" in formats and node.astext().strip() in ("<br>", "<br/>", "<br />"):
            # Nor have its hard line breaks.
            self.emit("#linebreak();")
        raise nodes.SkipNode


def printed_address(address: str) -> str:
    """*address* as content that may break after its slashes."""
    return f"address({escape.array(map(escape.string, escape.pieces(address)))})"


def _bare(address: str) -> str:
    return re.sub(r"^(https?://|mailto:)", "", address.strip()).rstrip("/")
