"""Figures, images and diagrams."""

import re
import shutil
from pathlib import Path

import imagesize
from docutils import nodes
from sphinx.util import logging

from .. import escape
from ..errors import PdfError, place
from .base import Base

log = logging.getLogger(__name__)

_SVG_SIZE = re.compile(r"<svg\b[^>]*>", re.DOTALL)
# Points of paper for each unit of a picture.  Diagrams and plots are drawn for the screen, with text of 13 px and
# 11 pt: on paper both get the size of captions.
_POINTS = {"": 0.66, "px": 0.66, "pt": 0.8, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
_RASTER_POINTS = 0.5


class Media(Base):
    """Pictures keep their size where the page has room for it, and shrink where not."""

    def visit_figure(self, node: nodes.figure) -> None:
        caption = [child for child in node.children if isinstance(child, nodes.caption)]
        legend = [child for child in node.children if isinstance(child, nodes.legend)]
        body = [child for child in node.children if child not in (*caption, *legend)]
        text = "none"
        if caption:
            text = self.caption(node, caption[0], *(part for item in legend for part in item.children))
        elif legend:
            body += legend
        self.emit(f"\n#book-figure([{self.anchors(node)}], {self.content(body)}, {text})\n\n")

    visit_legend = depart_legend = Base.pass_through

    def visit_image(self, node: nodes.image) -> None:
        name = self.builder.images.get(node["uri"])
        if name is None:
            raise PdfError(f"{place(node)}: the image {node['uri']!r} cannot be embedded")
        self._picture(node, Path(self.builder.srcdir) / node["uri"], name)

    def visit_plantuml(self, node: nodes.Element) -> None:
        """A diagram of sphinxcontrib-plantuml, drawn by the book's own extension."""
        try:
            from ppm_diagrams import render
        except ImportError:
            raise PdfError(f"{place(node)}: a plantuml node needs the extension ppm_diagrams") from None
        source = Path(render(node, self.builder.application, theme="light"))
        self.builder.images_folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, self.builder.images_folder / source.name)
        self._picture(node, source, source.name)

    def _picture(self, node: nodes.Element, source: Path, name: str) -> None:
        alt = node.get("alt", "")
        if not alt:
            log.warning("image %r has no alt text", name, location=node, type="typst")
            alt = name
        arguments = [escape.string(f"/images/{name}"), escape.string(alt)]
        if isinstance(node.parent, nodes.TextElement) and len(node.parent.children) > 1:
            self.emit(f"#inline-picture({', '.join(arguments)});")
        arguments.append(self._width(node, source))
        self.emit(f"#picture({', '.join(arguments)});")

    def _width(self, node: nodes.Element, source: Path) -> str:
        """The width as a Typst length or ratio: what the writer said, else the picture's own."""
        said = re.fullmatch(r"([\d.]+)\s*(%|px|pt|in|cm|mm|)", node.get("width", ""))
        if said and said[2] == "%":
            return f"{said[1]}%"
        if said:
            return f"{float(said[1]) * _POINTS[said[2]]:.2f}pt"
        if source.suffix == ".svg":
            return _svg_width(source)
        width, _ = imagesize.get(source)
        return f"{width * _RASTER_POINTS:.2f}pt" if width > 0 else "100%"


def _svg_width(source: Path) -> str:
    tag = _SVG_SIZE.search(source.read_text("utf8", errors="replace"))
    if not tag:
        return "100%"
    width = re.search(r'\swidth="([\d.]+)(pt|px|in|cm|mm|)"', tag[0])
    if width:
        return f"{float(width[1]) * _POINTS[width[2]]:.2f}pt"
    view = re.search(r'\sviewBox="[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)', tag[0])
    return f"{float(view[1]) * _POINTS['']:.2f}pt" if view else "100%"
