"""sphinx-design on paper: cards in a grid, tabs one below the other, dropdowns open."""

from collections.abc import Callable

from docutils import nodes

from .. import escape
from .base import Base


class Design(Base):
    """Containers; those that are no component of sphinx-design are their content."""

    # In a grid the frames are the grid's, so that those of a row are of one height.
    card_function = "card"

    def visit_container(self, node: nodes.container) -> None:
        if node.get("literal_block"):
            self.captioned_listing(node)
        handler: Callable | None = getattr(self, "design_" + node.get("design_component", "").replace("-", "_"), None)
        if handler:
            self.write(self.anchors(node))
            handler(node)
            raise nodes.SkipNode
        self.write(self.anchors(node))
        if "system-card" in node["classes"]:
            self.emit(f"\n#framed{self.content(node.children)}\n\n")
        if "evidence" in node["classes"]:
            self.emit(f"\n#evidence{self.content(node.children)}\n\n")

    depart_container = Base.pass_through

    def design_grid_container(self, node: nodes.container) -> None:
        row = next((child for child in node.children if _component(child) == "grid-row"), node)
        items = [child for child in row.children if _component(child) == "grid-item"]
        widest = [name.rpartition("-")[2] for name in row["classes"] if name.startswith("sd-row-cols-lg-")]
        # Paper is narrower than a screen: three cards abreast at most.
        columns = min(int(widest[0]) if widest and widest[0].isdigit() else 2, 3, max(len(items), 1))
        with self.set(card_function="card-content"):
            cells = ", ".join(f"({str(_holds_card(item)).lower()}, {self.content(item.children)})" for item in items)
        self.write(f"\n#card-grid({columns}, {cells})\n\n")

    def design_card(self, node: nodes.container) -> None:
        parts = {_component(child): child for child in node.children}
        body = list(parts["card-body"].children) if "card-body" in parts else []
        titles = [child for child in body if _component(child) == "card-title"]
        images = [child for child in node.children if isinstance(child, nodes.image)]
        arguments = [
            f"{name}: {self.content(part.children)}"
            for name, part in (
                ("header", parts.get("card-header")),
                ("title", titles[0] if titles else None),
                ("footer", parts.get("card-footer")),
            )
            if part is not None
        ]
        link = next((ref for ref in node.findall(nodes.reference) if "sd-stretched-link" in ref["classes"]), None)
        if link is not None:
            destination = self.destination(link)
            if destination is not None:
                self.builder.wanted.setdefault(destination, link)
                arguments.append(f"target: {escape.string(destination)}")
            else:
                arguments.append(f"address: {escape.string(link['refuri'])}")
        content = self.content([*images, *(child for child in body if child not in titles)])
        self.write(f"\n#{self.card_function}({', '.join([*arguments, content])})\n\n")

    def design_tab_set(self, node: nodes.container) -> None:
        for item in node.children:
            if _component(item) != "tab-item":
                self.write(self.anchors(item) if isinstance(item, nodes.Element) else "")
                continue
            label, content = item.children[0], item.children[1:]
            anchors = self.anchors(item) + self.anchors(label)
            self.write(f"\n#tab([{anchors}{self.capture(label.children)}], {self.content(content)})\n\n")

    def design_dropdown(self, node: nodes.container) -> None:
        children = list(node.children)
        title = "none"
        if node.get("has_title") and children:
            heading = children.pop(0)
            title = f"[{self.anchors(heading)}{self.capture(heading.children)}]"
        self.write(f"\n#dropdown({title}, {self.content(children)})\n\n")

    # Icons are decoration.
    visit_sd_icon = visit_fontawesome = Base.skip

    def visit_sd_line_break(self, node: nodes.Node) -> None:
        self.emit("#linebreak();")


def _component(node: nodes.Node) -> str:
    return node.get("design_component", "") if isinstance(node, nodes.Element) else ""


def _holds_card(node: nodes.Element) -> bool:
    return any(_component(child) == "card" for child in node.children)
