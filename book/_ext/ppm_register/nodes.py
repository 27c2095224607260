"""The nodes of the register and their HTML: a value whose note shows on hover and on focus.

``title`` attributes are out of reach of a keyboard and of a touch screen, so the note is a tooltip of its own.
A writer for paper prints ``node["note"]`` as a footnote.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator


class RegisterValue(nodes.inline):
    """A value from the register; ``note`` says where it comes from, ``note_id`` is the tooltip's id."""


class measured(RegisterValue):
    """A measured number."""


class fact(RegisterValue):
    """A fact with its source; ``title`` equals ``note``."""


class claim(RegisterValue):
    """A statement that was checked against measurements."""


def value_node(
    kind: type[RegisterValue], text: str, note: str, env: BuildEnvironment, **evidence: list[str]
) -> RegisterValue:
    """Make a node of one kind with its note; *evidence* is ``probes`` or ``sources``, the names of what it shows."""
    note_id = f"ppm-note-{env.new_serialno('ppm-note')}"
    node = kind("", text, classes=[kind.__name__], note=note, note_id=note_id, **evidence)
    if kind is fact:
        node["title"] = note
    return node


def _bare(node: RegisterValue) -> bool:
    """Whether the value stands where a tooltip must not: inside a link or a heading (which a contents list copies)."""
    parent = node.parent
    while parent is not None:
        if isinstance(parent, (nodes.title, nodes.reference, nodes.caption)):
            return True
        parent = parent.parent
    return False


def visit_html(self: HTML5Translator, node: RegisterValue) -> None:
    """Open the value."""
    kind = " ".join(node["classes"])
    if _bare(node):
        self.body.append(f'<span class="{kind}">')
        return
    # A value with a link is focusable already.
    focus = "" if next(node.findall(nodes.reference), None) else ' tabindex="0"'
    self.body.append(f'<span class="register-value"><span class="{kind}"{focus} aria-describedby="{node["note_id"]}">')


def depart_html(self: HTML5Translator, node: RegisterValue) -> None:
    """Close the value and write its note."""
    self.body.append("</span>")
    if not _bare(node):
        note = self.encode(node["note"])
        self.body.append(f'<span class="register-note" role="tooltip" id="{node["note_id"]}">{note}</span></span>')


def visit_plain(self: object, node: RegisterValue) -> None:
    """Write only the value."""


depart_plain = visit_plain
