"""The one error of the builder."""

from docutils import nodes
from docutils.utils import get_source_line


class PdfError(Exception):
    """What stops the PDF; the builder logs the message, which names file and line, and ends with status 2."""


def place(node: nodes.Node) -> str:
    """``file:line`` of *node*, or of the nearest node around it that knows."""
    source, line = get_source_line(node)
    if line is None:
        for child in node.findall(include_self=False):
            if child.line is not None:
                line = child.line
                break
    return f"{source or '<unknown>'}:{line if line is not None else '?'}"
