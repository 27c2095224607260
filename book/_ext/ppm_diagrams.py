"""Diagrams: the ``uml`` directive of sphinxcontrib-plantuml, rendered without Java, readable in light and in dark.

The directive and its node are sphinxcontrib-plantuml's.  This extension asks for more (an alternative text, a file
under diagrams/), renders every new diagram of a build in one process before pages are written (see
ppm_diagrams_node), keeps the results by content beside the doctrees, and puts the picture into the page itself, where
its colors follow the reader's theme and its text can be selected.
"""

import hashlib
import html
import logging as standard_logging
import os
from pathlib import Path
from typing import Any

from docutils import nodes
from fontTools import subset
from ppm_diagrams_node import (
    Palette,
    PaletteError,
    PlantUmlFailure,
    Source,
    SourceError,
    css,
    engine_from_environment,
    inline_svg,
    read_source,
    recolor,
)
from ppm_diagrams_node import theme as theme_module
from ppm_diagrams_node.engine import FONTS, EngineMissing
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinxcontrib.plantuml import UmlDirective, plantuml

logger = logging.getLogger(__name__)

STYLE = Path(__file__).resolve().parents[2] / "diagrams" / "_style"
STYLESHEET = "ppm-diagrams.css"
#: What a diagram is set in: CSS weight and family to font file.
WEB_FONTS = {
    ("DejaVu Sans", "normal", 400): "DejaVuSans",
    ("DejaVu Sans", "normal", 700): "DejaVuSans-Bold",
    ("DejaVu Sans", "italic", 400): "DejaVuSans-Oblique",
    ("DejaVu Sans Mono", "normal", 400): "DejaVuSansMono",
}
#: First and last code points: Latin-1, punctuation, arrows, common mathematical signs.
WEB_CHARACTERS = [(0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2026), (0x2190, 0x2195), (0x2248, 0x2265), (0x25A0, 0x25CF)]
# It tells the root logger about every table of a font.
standard_logging.getLogger("fontTools").setLevel(standard_logging.ERROR)


class DiagramError(SphinxError):
    """A diagram that cannot be rendered; ends the build."""

    category = "Diagram error"


class Uml(UmlDirective):
    """``uml`` with a file, its includes resolved, and an alternative text that must be there."""

    def run(self) -> list[nodes.Node]:
        if not self.arguments:
            raise self.error("uml: name a file under diagrams/; a diagram is not written on the page")
        if not self.options.get("alt", "").strip():
            raise self.error(f"uml: {self.arguments[0]} needs an :alt: text that says what the picture says")
        env = self.state.document.settings.env
        path = Path(os.path.normpath(env.relfn2path(self.arguments[0])[1]))
        try:
            source = read_source(path)
        except SourceError as error:
            raise self.error(f"uml: {_shorten(str(error))}") from None
        for file in source.files:
            env.note_dependency(file)
        result = super().run()
        for root in result:
            for node in root.findall(plantuml):
                node["uml"] = source.text
                node["alt"] = " ".join(self.options["alt"].split())
                node["puml"] = str(path)
                node.source, node.line = self.state_machine.get_source_and_line(self.lineno)
                root.source, root.line = node.source, node.line
        return result


class DiagramCollector(EnvironmentCollector):
    """Keeps which diagrams each page shows, so that one process can render all new ones before pages are written."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        _by_page(env).pop(docname, None)

    def merge_other(self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
        _by_page(env).update({name: paths for name, paths in _by_page(other).items() if name in docnames})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        # An inline diagram, of another extension say, would have no file: only ours are collected.
        paths = [node["puml"] for node in doctree.findall(plantuml) if "puml" in node]
        if paths:
            _by_page(app.env)[app.env.current_document.docname] = paths


def _by_page(env: BuildEnvironment) -> dict[str, list[str]]:
    if not hasattr(env, "ppm_diagrams"):
        env.ppm_diagrams = {}
    return env.ppm_diagrams


def _shorten(message: str) -> str:
    """The message with paths as seen from the working directory."""
    return message.replace(f"{Path.cwd()}{os.sep}", "")


def _cached(doctreedir: Path, text: str) -> Path:
    """Where the SVG of a diagram lies, as PlantUML drew it."""
    key = hashlib.sha256(f"{engine_from_environment().version}\0{text}".encode()).hexdigest()[:24]
    return doctreedir / "plantuml" / f"{key}.svg"


def _render_missing(doctreedir: Path, sources: list[Source]) -> None:
    """Render the diagrams that the cache lacks; every one that fails is named in one error."""
    palette = Palette.read(STYLE)
    missing = {str(target): source for source in sources if not (target := _cached(doctreedir, source.text)).exists()}
    if not missing:
        return
    logger.info("rendering %d diagrams with %s ...", len(missing), engine_from_environment().version)
    failures = []
    rendered = engine_from_environment().render({target: source.text for target, source in missing.items()})
    for target, result in rendered.items():
        source = missing[target]
        try:
            if isinstance(result, PlantUmlFailure):
                raise result
            recolor(result, palette, "dark")  # every color has a counterpart, or the reason stands here
        except PlantUmlFailure as failure:
            path, line = source.origin(failure.line or 1)
            failures.append(f"{path}:{line}: {failure}")
        except PaletteError as error:
            failures.append(f"{source.path}:{_first_line(source, str(error))}: {error}")
        else:
            _write(Path(target), result)
    if failures:
        raise DiagramError(_shorten("\n".join(sorted(set(failures)))))


def _first_line(source: Source, message: str) -> int:
    """The line of the file that holds the color a message names; 1 when PlantUML made it."""
    color = message.split()[1].lower()
    for line, (path, number) in zip(source.lines, source.origins, strict=True):
        if path == source.path and color in line.lower():
            return number
    return 1


def _write(target: Path, text: str) -> None:
    """Write whole or not at all: builds that run side by side may share the cache."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}")
    part.write_text(text, "utf8")
    part.replace(target)


def render_all(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Render what pages show and the cache lacks (``env-updated``)."""
    paths = sorted({path for paths in _by_page(env).values() for path in paths})
    try:
        _render_missing(Path(app.doctreedir), [read_source(Path(path)) for path in paths])
    except (SourceError, PaletteError, EngineMissing) as error:
        raise DiagramError(_shorten(str(error))) from None
    return []


def _drawn(node: plantuml, doctreedir: Path) -> str:
    """The SVG of a node as PlantUML drew it."""
    target = _cached(doctreedir, node["uml"])
    if not target.exists():  # a node that was made after reading
        _render_missing(doctreedir, [Source(Path(node["puml"]), *_lines(node))])
    return target.read_text("utf8")


def _lines(node: plantuml) -> tuple[list[str], list[tuple[Path, int]]]:
    lines = node["uml"].splitlines()
    return lines, [(Path(node["puml"]), number) for number in range(1, len(lines) + 1)]


def render(node: plantuml, app: Sphinx, theme: str = "light") -> Path:
    """The SVG file of a ``plantuml`` node in the colors of ``theme`` ("light", also for paper, or "dark")."""
    doctreedir = Path(app.doctreedir)
    drawn = _cached(doctreedir, node["uml"])
    palette = Palette.read(STYLE)
    key = hashlib.sha256((repr(palette) + Path(theme_module.__file__).read_text("utf8")).encode()).hexdigest()[:8]
    target = drawn.with_name(f"{drawn.stem}-{key}-{theme}.svg")
    if not target.exists():
        _write(target, recolor(_drawn(node, doctreedir), palette, theme))
    return target


def visit_html(self, node: plantuml) -> None:
    """Put the picture into the page, in a box that scrolls when the screen is narrow."""
    prefix = f"d{len(self.body)}-"
    svg = inline_svg(_drawn(node, Path(self.builder.doctreedir)), Palette.read(STYLE), node["alt"], prefix)
    self.body.append(
        f'<div class="diagram" data-scroll-label="{html.escape("Diagram: " + _label(node))}">{svg}</div>\n'
    )
    raise nodes.SkipNode


def _label(node: plantuml) -> str:
    """What a scrolling box is called: the caption, or the file's name."""
    captions = list(node.parent.findall(nodes.caption)) if isinstance(node.parent, nodes.figure) else []
    return captions[0].astext() if captions else Path(node["puml"]).stem


def add_stylesheet(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Link the colors and fonts of diagrams on pages that have one (``html-page-context``)."""
    if doctree is not None and any(True for _ in doctree.findall(plantuml)):
        app.add_css_file(STYLESHEET)


def write_static(app: Sphinx, error: Exception | None) -> None:
    """Write the stylesheet and the fonts that it names (``build-finished``)."""
    if error or app.builder.format != "html" or not _by_page(app.env):
        return
    static = Path(app.outdir) / "_static"
    faces = []
    for (family, style, weight), name in WEB_FONTS.items():
        font = _web_font(Path(app.doctreedir) / "fonts", name)
        (static / "fonts").mkdir(parents=True, exist_ok=True)
        (static / "fonts" / font.name).write_bytes(font.read_bytes())
        faces.append(
            f'@font-face{{font-family:"{family}";font-style:{style};font-weight:{weight};font-display:swap;'
            f'src:url("fonts/{font.name}") format("woff")}}\n'
        )
    (static / STYLESHEET).write_text("".join(faces) + css(Palette.read(STYLE)), "utf8")


def _web_font(folder: Path, name: str) -> Path:
    """The part of a font that diagrams are set in, as WOFF."""
    target = folder / f"{name}.woff"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        options = subset.Options(flavor="woff", layout_features=["kern"], hinting=False)
        with subset.load_font(FONTS / f"{name}.ttf", options) as font:
            subsetter = subset.Subsetter(options)
            subsetter.populate(unicodes=[code for first, last in WEB_CHARACTERS for code in range(first, last + 1)])
            subsetter.subset(font)
            font.recalcTimestamp = False
            part = target.with_suffix(f".{os.getpid()}")
            subset.save_font(font, part, options)
        part.replace(target)
    return target


def setup(app: Sphinx) -> dict[str, Any]:
    app.setup_extension("sphinxcontrib.plantuml")
    for name in ("uml", "plantuml"):
        app.add_directive(name, Uml, override=True)
    app.add_node(plantuml, override=True, html=(visit_html, None))
    app.add_env_collector(DiagramCollector)
    app.connect("env-updated", render_all)
    app.connect("html-page-context", add_stylesheet)
    app.connect("build-finished", write_static)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
