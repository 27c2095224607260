"""Math in web pages, set when the book is built: KaTeX's HTML and MathML, so that the reader's page runs no JavaScript.

All new formulas of a build are rendered by one Node process before pages are written and kept by content beside the
doctrees.  Pages with a formula link KaTeX's stylesheet, whose fonts are copied into the book.
"""

import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from docutils import nodes
from ppm_diagrams_node.engine import NODE_MODULES, node_program
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.util.nodes import get_node_line, get_node_source

logger = logging.getLogger(__name__)

SCRIPT = Path(__file__).resolve().parent / "ppm_diagrams_node" / "katex.mjs"
KATEX = NODE_MODULES / "katex"
STYLESHEET = "katex/katex.min.css"

#: TeX and whether it is displayed on lines of its own.
Formula = tuple[str, bool]


class MathError(SphinxError):
    """A formula that cannot be set; ends the build."""

    category = "Math error"


class FormulaCollector(EnvironmentCollector):
    """Keeps each page's formulas and where they stand, so that one process can render all new ones."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        _by_page(env).pop(docname, None)

    def merge_other(self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
        _by_page(env).update({name: found for name, found in _by_page(other).items() if name in docnames})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        docname = app.env.current_document.docname
        found = [(_formula(node), _place(node, app.env.doc2path(docname))) for node in _math_nodes(doctree)]
        if found:
            _by_page(app.env)[docname] = found


def _by_page(env: BuildEnvironment) -> dict[str, list[tuple[Formula, str]]]:
    if not hasattr(env, "ppm_math"):
        env.ppm_math = {}
    return env.ppm_math


def _math_nodes(doctree: nodes.Node) -> list[nodes.Element]:
    return list(doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block)))


def _place(node: nodes.Node, page: Path) -> str:
    source, line = get_node_source(node) or str(page), get_node_line(node)
    shown = os.path.relpath(source) if source.startswith(f"{Path.cwd()}{os.sep}") else source
    return f"{shown}:{line}" if line else shown


def _formula(node: nodes.Element) -> Formula:
    """What KaTeX is given: an aligned environment is put around lines that need one, as Sphinx's other writers do."""
    tex, display = node.astext().strip(), isinstance(node, nodes.math_block)
    # Numbers are Sphinx's, so the environments that number have their plain forms.
    for name, plain in {"align": "aligned", "gather": "gathered", "equation": ""}.items():
        for command in ("begin", "end"):
            replacement = rf"\{command}{{{plain}}}" if plain else ""
            tex = tex.replace(rf"\{command}{{{name}*}}", replacement).replace(rf"\{command}{{{name}}}", replacement)
    if display and r"\begin" not in tex and (r"\\" in tex or re.search(r"(?<!\\)&", tex)):
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    return tex, display


def _key(formula: Formula) -> str:
    return hashlib.sha256(f"{formula[1]}\0{formula[0]}".encode()).hexdigest()[:24]


class Formulas:
    """The rendered formulas of this book, kept in one file."""

    def __init__(self, doctreedir: Path):
        package = KATEX / "package.json"
        if not package.exists():
            raise MathError(f"{package} is missing: run `python -m tools.npm`")
        version = json.loads(package.read_text("utf8"))["version"]
        self.path = doctreedir / f"katex-{version}.json"
        self.html: dict[str, str] = json.loads(self.path.read_text("utf8")) if self.path.exists() else {}

    def render(self, wanted: list[tuple[Formula, str]]) -> None:
        """Render the formulas that are not kept yet; each that fails is named with its place in one error."""
        places = {formula: place for formula, place in reversed(wanted) if _key(formula) not in self.html}
        if not places:
            return
        logger.info("rendering %d formulas with KaTeX ...", len(places))
        request = {
            "modules": str(NODE_MODULES),
            "formulas": [{"tex": tex, "display": display} for tex, display in places],
        }
        process = subprocess.run(
            [node_program(), SCRIPT], input=json.dumps(request), capture_output=True, encoding="utf8", check=False
        )
        if process.returncode:
            raise MathError(f"KaTeX cannot be run: {process.stderr.strip()}")
        answers = dict(zip(places, json.loads(process.stdout), strict=True))
        errors = [f"{places[formula]}: {answer['error']}" for formula, answer in answers.items() if "error" in answer]
        if errors:
            raise MathError("\n".join(sorted(errors)))
        self.html |= {_key(formula): answer["html"] for formula, answer in answers.items()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        part.write_text(json.dumps(self.html, indent=0), "utf8")
        part.replace(self.path)


@functools.lru_cache(maxsize=1)
def _formulas(doctreedir: Path) -> Formulas:
    return Formulas(doctreedir)


def render_all(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Render what pages hold and the file lacks (``env-updated``)."""
    wanted = [entry for found in _by_page(env).values() for entry in found]
    if app.builder.format == "html" and wanted:
        _formulas(Path(app.doctreedir)).render(wanted)
    return []


def _html(self, node: nodes.Element) -> str:
    formulas, formula = _formulas(Path(self.builder.doctreedir)), _formula(node)
    formulas.render([(formula, _place(node, Path(self.builder.current_docname)))])  # only one made after reading
    return formulas.html[_key(formula)]


def visit_inline(self, node: nodes.math) -> None:
    self.body.append(self.starttag(node, "span", "", CLASS="math") + _html(self, node) + "</span>")
    raise nodes.SkipNode


def visit_block(self, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", "", CLASS="math"))
    self.body.append(_html(self, node))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def add_stylesheet(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Link KaTeX's stylesheet on pages with a formula (``html-page-context``)."""
    if doctree is not None and _math_nodes(doctree):
        app.add_css_file(STYLESHEET)


def copy_static(app: Sphinx, error: Exception | None) -> None:
    """Copy the stylesheet and its fonts when a page has a formula (``build-finished``)."""
    if error or app.builder.format != "html" or not _by_page(app.env):
        return
    target = Path(app.outdir) / "_static" / STYLESHEET
    (target.parent / "fonts").mkdir(parents=True, exist_ok=True)
    style = (KATEX / "dist" / "katex.min.css").read_text("utf8")
    # Every browser that can show the book reads WOFF2.
    style = re.sub(r",url\([^)]*\.(?:woff|ttf)\) format\(\"\w+\"\)", "", style)
    target.write_text(style, "utf8")
    for font in (KATEX / "dist" / "fonts").glob("*.woff2"):
        shutil.copyfile(font, target.parent / "fonts" / font.name)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_block, None))
    app.add_env_collector(FormulaCollector)
    app.connect("env-updated", render_all)
    app.connect("html-page-context", add_stylesheet)
    app.connect("build-finished", copy_static)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
