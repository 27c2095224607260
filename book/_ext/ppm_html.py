"""Corrections to the HTML of Sphinx, docutils and furo, so that axe-core finds nothing on any page.

Each correction says whose markup it mends; one that is mended upstream can go.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

#: Boxes that furo puts around what may be too wide.
WRAPPERS = ("table-wrapper", "math-wrapper")

_CORRECTIONS = [
    # docutils: a role that ARIA 1.2 retired, in a list whose only children may be list items.
    (re.compile(r' role="doc-biblioentry"'), ' role="listitem"'),
    # docutils: a list that holds the link targets of its items beside them.
    (
        re.compile(r'(<div role="list" class="citation-list">\n)((?:<a id="[^"]*"></a>\s*)+)'),
        r"\2\1",
    ),
    # docutils: the empty corner of a table is no header of anything.
    (re.compile(r'<th class="(?:head|head stub)">(?:<p>\s*</p>|\s*)</th>'), "<td></td>"),
]  # fmt: skip


def wrap(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put tables made after furo's transform in a box as well; leave an id to one element (``doctree-resolved``)."""
    if app.builder.format != "html":
        return
    for table in list(doctree.findall(nodes.table)):
        if not _is_wrapper(table.parent):
            box = nodes.container(classes=["table-wrapper"])
            table.replace_self(box)
            box += table
    for box in doctree.findall(_is_wrapper):
        box["ids"] = []  # furo copies them from what the box holds


def _is_wrapper(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and any(name in node["classes"] for name in WRAPPERS)


def correct(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Mend the text of a page and of its sidebar (``html-page-context``)."""
    body = context.get("body")
    if body:
        for pattern, replacement in _CORRECTIONS:
            body = pattern.sub(replacement, body)
        context["body"] = body
    # Sphinx: the caption of a contents list is a heading of no level.
    for name in ("furo_navigation_tree", "body"):
        if context.get(name):
            context[name] = context[name].replace(
                'class="caption" role="heading">', 'class="caption" role="heading" aria-level="2">'
            )


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-resolved", wrap, priority=900)
    app.connect("html-page-context", correct, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
