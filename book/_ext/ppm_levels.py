"""The level of evidence of each example, and the quiet badge that says it.

A fence has a level: ``native`` for Python, ``validated`` for data that a test parses, or what the attribute above the
fence says (``{level=emulated}``).  Every example carries its level as a class (``ppm-example-native``) and a ``level``
attribute.  A badge stands under the first example of a criterion section and wherever the level changes, because one
badge a fence would say the same word twenty times a page; an example that the run skips says so, with the reason.
"""

import ast
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers import sphinx_ as myst_sphinx_parser
from ppm_criteria import system_of
from sphinx.util import logging

logger = logging.getLogger(__name__)

LEVELS = ("native", "emulated", "validated", "cited")
DATA_LANGUAGES = ("yaml", "toml", "json", "ini")

_SKIP = re.compile(r"^skip:\s*(?P<action>next|start|end)\b\s*(?P<reason>.*)$")


class Example(NamedTuple):
    """One fence of a page that stands as evidence."""

    node: nodes.literal_block
    level: str
    skipped: str | None  # the reason, or None when it runs


class _Renderer(SphinxRenderer):
    """Keep ``level``: MyST drops every attribute of a fence but class and id, and has no hook for more."""

    def render_fence(self, token):
        before = len(self.current_node.children)
        super().render_fence(token)
        level = token.attrs.get("level")
        if level is not None:
            for rendered in self.current_node.children[before:]:
                for block in rendered.findall(nodes.literal_block):
                    block["level"] = str(level)


def is_python(block: nodes.literal_block) -> bool:
    """Whether *block* is a Python fence of the page, not a file that it shows."""
    return block.get("language") == "python" and "source" not in block


def skip_reason(argument: str) -> str:
    """The reason in the argument of a skip comment: ``"reason"`` or ``if(condition, reason="…")``."""
    text = argument.strip()
    try:
        tree = ast.parse("if_" + text[2:] if text.startswith("if") else text, mode="eval").body
    except SyntaxError:
        return text
    if isinstance(tree, ast.Call):
        reasons = [key.value for key in tree.keywords if key.arg == "reason"] + tree.args[1:]
        tree = reasons[0] if reasons else tree
    return tree.value if isinstance(tree, ast.Constant) and isinstance(tree.value, str) else text


def examples(section: nodes.Element) -> list[Example]:
    """The fences of *section* and its subsections that are evidence, in order, with their level."""
    found = []
    following: str | None = None  # reason that holds for the next fence
    running: str | None = None  # reason that holds until "skip: end"
    for node in section.findall(lambda node: isinstance(node, nodes.comment | nodes.literal_block)):
        if isinstance(node, nodes.comment):
            for line in node.astext().splitlines():
                if match := _SKIP.match(line.strip()):
                    reason = skip_reason(match["reason"]) or "no reason given"
                    if match["action"] == "next":
                        following = reason
                    else:
                        running = reason if match["action"] == "start" else None
            continue
        if is_python(node):
            default, skipped, following = "native", following or running, None
        elif node.get("language") in DATA_LANGUAGES:
            default, skipped = "validated", None
        elif "level" in node:
            default, skipped = "native", None
        else:
            continue
        level = node.get("level", default)
        if level not in LEVELS:
            logger.error(
                "unknown level of evidence %r: one of %s",
                level,
                ", ".join(LEVELS),
                location=node,
                type="ppm",
                subtype="level",
            )
            level = default
        found.append(Example(node, level, skipped))
    return found


def engine(srcdir: Path, system: str) -> tuple[str, Path]:
    """Distribution and version of *system* as its badge shows them, and the file that says so."""
    path = Path(srcdir) / "_data" / "systems" / f"{system}.toml"
    try:
        data = tomllib.loads(path.read_text("utf8"))
    except (OSError, tomllib.TOMLDecodeError):  # the register reports it
        return "", path
    distribution = data.get("distribution", "")
    name = {"stdlib": "Python", "service": data.get("name", system)}.get(distribution, distribution)
    return f"{name} {data.get('version', '')}".strip(), path


def badge(example: Example, engine: str) -> nodes.paragraph:
    """The line under an example."""
    if example.skipped is not None:
        kind, text = "skipped", f"not run · {example.skipped}"
    else:
        kind = example.level
        text = f"{kind} · {engine}" if kind == "native" and engine else kind
    inline = nodes.inline(text, text, classes=["ppm-level", f"ppm-level-{kind}"])
    return nodes.paragraph("", "", inline, classes=["ppm-badge"])


def add_badges(section: nodes.Element, found: list[Example], engine: str) -> None:
    """Mark every example with its level, and write a badge where the level is new."""
    shown = None
    for example in found:
        block = example.node
        block["level"] = example.level
        block["classes"].append(f"ppm-example-{example.level}")
        state = example.level if example.skipped is None else object()
        if state == shown:
            continue
        shown = state
        outer = block.parent if "literal_block" in block.parent else block  # a block with a caption stands in a box
        outer.parent.insert(outer.parent.index(outer) + 1, badge(example, engine))


def engine_of_page(app, docname: str) -> str:
    """The engine's name and version for the badges of *docname*."""
    text, path = engine(app.srcdir, system_of(docname))
    if path.exists():
        app.env.note_dependency(str(path))
    return text


def setup(app):
    myst_sphinx_parser.SphinxRenderer = _Renderer
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
