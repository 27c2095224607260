"""ppm_diagrams: PlantUML under the wheel's Node, in both themes, numbered, with one clear error for a broken one."""

import re
import shlex
import sys
from xml.etree import ElementTree

import ppm_diagrams
import pytest
from docutils import nodes
from ppm_diagrams_node import (
    Palette,
    PaletteError,
    PlantUmlFailure,
    SourceError,
    css,
    engine_from_environment,
    inline_svg,
    read_source,
    recolor,
)
from ppm_diagrams_node.engine import FONTS, NODE_MODULES
from ppm_diagrams_node.metrics import read_metrics
from sphinx_project import build
from sphinxcontrib.plantuml import plantuml

pytestmark = pytest.mark.skipif(
    not (NODE_MODULES / "@plantuml").exists(), reason="node_modules is missing: run python -m tools.npm"
)

CONFIG = {"extensions": ["myst_parser", "sphinxcontrib.plantuml", "ppm_diagrams"], "numfig": True}
DIAGRAM = "@startuml\ncomponent Driver\ncomponent Worker\nDriver --> Worker : submit\n@enduml\n"
PAGE = """# Page

See {numref}`fig-one`.

```{uml} one.puml
:caption: A driver and *its* worker.
:alt: A driver submits to a worker.
:name: fig-one
```
"""


@pytest.fixture(autouse=True)
def _bundled(monkeypatch):
    monkeypatch.delenv("PLANTUML", raising=False)


def styled(text: str) -> str:
    """A diagram in the book's style, whose colors have their dark counterparts."""
    return text.replace("@startuml\n", f"@startuml\n!include {ppm_diagrams.STYLE / 'book.puml'}\n")


def build_pages(tmp_path, page=PAGE, diagram=None, **options):
    files = {"index.md": page, "one.puml": diagram or styled(DIAGRAM)}
    return build(tmp_path, files, confoverrides=CONFIG, **options)


def test_diagram_stands_in_the_page(tmp_path):
    result = build_pages(tmp_path)
    page = result.html("index")
    assert not result.error and not result.warnings
    svg = re.search(r"<svg.*?</svg>", page, re.S)[0]
    texts = {element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}
    assert {"Driver", "Worker", "submit"} <= texts
    assert 'role="img"' in svg and page.count("A driver submits to a worker.") == 1
    assert "ppm-diagrams.css" in page


def test_figure_is_numbered_and_referenced(tmp_path):
    page = build_pages(tmp_path).html("index")
    assert 'id="fig-one"' in page
    assert re.search(r'href="#fig-one"[^>]*><span[^>]*>Fig. 1</span>', page)
    assert '<span class="caption-number">Fig. 1 </span>' in page and "<em>its</em>" in page


def test_colors_follow_the_theme(tmp_path):
    result = build_pages(tmp_path)
    svg = re.search(r"<svg.*?</svg>", result.html("index"), re.S)[0]
    used = set(re.findall(r"var\(--diagram-(\w+)\)", svg))
    assert {"ink", "line"} <= used
    assert not re.findall(r"#[0-9a-fA-F]{6}", svg)
    style = (result.outdir / "_static" / "ppm-diagrams.css").read_text("utf8")
    assert all(style.count(f"--diagram-{name}:") == 3 for name in used)
    fonts = re.findall(r'url\("([^"]+)"\)', style)
    assert fonts and all((result.outdir / "_static" / font).stat().st_size > 1000 for font in fonts)


def test_page_without_diagram_links_nothing(tmp_path):
    result = build_pages(tmp_path, page="# Plain\n")
    assert "ppm-diagrams.css" not in result.html("index")
    assert not (result.outdir / "_static" / "ppm-diagrams.css").exists()


def test_two_diagrams_share_no_id(tmp_path):
    diagram = styled(DIAGRAM)
    page = PAGE + PAGE.split("\n\n", 2)[2].replace("fig-one", "fig-two")
    ids = re.findall(r'\bid="([^"]+)"', build_pages(tmp_path, page, diagram).html("index"))
    assert len(ids) == len(set(ids))


def test_render_gives_a_file_for_paper_and_for_the_dark(tmp_path):
    result = build_pages(tmp_path)
    node = next(result.app.env.get_doctree("index").findall(plantuml))
    assert isinstance(node.parent, nodes.figure)
    light, dark = (ppm_diagrams.render(node, result.app, theme) for theme in ("light", "dark"))
    palette = Palette.read(ppm_diagrams.STYLE)
    assert palette.light["ink"] in light.read_text("utf8") and palette.light["ink"] not in dark.read_text("utf8")
    assert palette.dark["ink"] in dark.read_text("utf8")
    ElementTree.parse(light)


def test_syntax_error_names_file_and_line(tmp_path):
    result = build_pages(tmp_path, diagram=styled(DIAGRAM.replace("component Worker", "nonsense ((")))
    assert re.fullmatch(r"\S+one\.puml:4: Syntax Error\?.*", str(result.error))


def test_error_in_an_included_file_names_that_file(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "part.puml").write_text("component ok\n\nnonsense ((\n", "utf8")
    result = build_pages(tmp_path, diagram=styled(DIAGRAM).replace("component Driver", "!include part.puml"))
    assert re.fullmatch(r"\S+part\.puml:3: Syntax Error\?.*", str(result.error))


def test_all_broken_diagrams_are_named_at_once(tmp_path):
    broken = "@startuml\nnonsense (({}\n@enduml\n"
    page = PAGE + "\n```{uml} two.puml\n:alt: Second.\n```\n"
    files = {"index.md": page, "one.puml": broken.format(1), "two.puml": broken.format(2)}
    error = str(build(tmp_path, files, confoverrides=CONFIG).error)
    assert [line.split("/")[-1].split(": ")[0] for line in error.splitlines()] == ["one.puml:2", "two.puml:2"]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (PAGE.replace("one.puml", "none.puml"), r"index\.md:5: .*cannot read \S*none\.puml: No such file"),
        (PAGE.replace(":alt: A driver submits to a worker.\n", ""), r"index\.md:5: .*one\.puml needs an :alt: text"),
        ("# Page\n\nText.\n\n```{uml}\n:alt: Inline.\n\na -> b\n```\n", r"index\.md:5: .*name a file under diagrams/"),
    ],
    ids=["missing file", "missing alt", "inline"],
)
def test_bad_directive_is_one_error_with_file_and_line(tmp_path, page, message):
    result = build_pages(tmp_path, page.replace("See {numref}`fig-one`.", "Text."))
    assert len(result.warnings.strip().splitlines()) <= 3 and len(re.findall("ERROR|WARNING", result.warnings)) == 1
    assert re.search(message, result.warnings)


def test_color_without_a_dark_counterpart_is_refused(tmp_path):
    result = build_pages(tmp_path, diagram=styled(DIAGRAM.replace("component Worker", "component Worker #AA00CC")))
    assert re.fullmatch(r"\S+one\.puml:4: color #AA00CC is not in the book's palette.*", str(result.error))


def test_rendering_is_cached_by_content(tmp_path, monkeypatch):
    build_pages(tmp_path)
    monkeypatch.setattr("ppm_diagrams_node.engine.node_program", lambda: pytest.fail("rendered again"))
    assert not build_pages(tmp_path, PAGE + "\nMore text.\n").error


def test_changed_include_renders_the_page_again(tmp_path):
    (tmp_path / "book").mkdir()
    part = tmp_path / "book" / "part.puml"
    part.write_text("component Before\n", "utf8")
    diagram = styled(DIAGRAM).replace("component Driver", "!include part.puml")
    assert "Before" in build_pages(tmp_path, diagram=diagram).html("index")
    part.write_text("component After\n", "utf8")
    assert "After" in build(tmp_path, {}, confoverrides=CONFIG).html("index")


def test_parallel_build(tmp_path):
    pages = {f"page{number}.md": PAGE.replace("fig-one", f"fig-{number}") for number in range(12)}
    index = "# Book\n\n```{toctree}\n" + "\n".join(name[:-3] for name in pages) + "\n```\n"
    result = build(
        tmp_path, {"index.md": index, "one.puml": styled(DIAGRAM), **pages}, confoverrides=CONFIG, parallel=2
    )
    assert not result.error and not result.warnings
    assert all("<svg" in result.html(name[:-3]) for name in pages)


def test_installed_plantuml_is_used(tmp_path, monkeypatch):
    """PLANTUML names a command line, which is called as PlantUML is: -tsvg and the files of the batch."""
    script = tmp_path / "plantuml.py"
    script.write_text(
        "import pathlib, sys\n"
        "assert sys.argv[1:4] == ['-tsvg', '-charset', 'utf-8'], sys.argv\n"
        "for name in sys.argv[4:]:\n"
        "    assert '!include' not in pathlib.Path(name).read_text('utf8')\n"
        "    svg = pathlib.Path(name).with_suffix('.svg')\n"
        '    svg.write_text(\'<svg xmlns="http://www.w3.org/2000/svg" width="9px">\'\n'
        "        '<text fill=\"#1F2328\">installed</text></svg>', 'utf8')\n",
        "utf8",
    )
    monkeypatch.setenv("PLANTUML", shlex.join([sys.executable, str(script)]))
    assert "installed</text>" in build_pages(tmp_path).html("index")


def test_plantuml_that_cannot_be_run_is_one_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANTUML", "/nowhere/plantuml")
    assert str(build_pages(tmp_path).error) == "PLANTUML: cannot run /nowhere/plantuml: No such file or directory"


class TestSource:
    def test_include_once_and_cycles(self, tmp_path):
        (tmp_path / "a.puml").write_text("!include_once b.puml\n!include_once b.puml\nend\n", "utf8")
        (tmp_path / "b.puml").write_text("@startuml\nmiddle\n@enduml\n", "utf8")
        source = read_source(tmp_path / "a.puml")
        assert source.lines == ["middle", "end"]
        assert source.origin(1) == (tmp_path / "b.puml", 2) and source.origin(2) == (tmp_path / "a.puml", 3)
        (tmp_path / "b.puml").write_text("!include a.puml\n", "utf8")
        with pytest.raises(SourceError, match=r"b\.puml:1: a\.puml includes itself"):
            read_source(tmp_path / "a.puml")

    @pytest.mark.parametrize(
        "line", ["!include <C4/C4_Context>", "!includesub a.puml!PART", "!include https://x.org/a.puml"]
    )
    def test_what_cannot_be_included_is_said(self, tmp_path, line):
        (tmp_path / "a.puml").write_text(f"@startuml\n{line}\n@enduml\n", "utf8")
        with pytest.raises(SourceError, match=r"a\.puml:2: only files beside the diagrams"):
            read_source(tmp_path / "a.puml")


class TestEngine:
    def test_one_failure_leaves_the_others(self):
        rendered = engine_from_environment().render({"good": DIAGRAM, "bad": "@startuml\nnonsense ((\n@enduml\n"})
        assert "<svg" in rendered["good"]
        assert isinstance(rendered["bad"], PlantUmlFailure) and rendered["bad"].line == 2

    def test_text_is_measured_with_dejavu_sans(self):
        """The rendered picture says how wide each text is: the sum of the font's advance widths."""
        svg = engine_from_environment().render(
            {"x": "@startuml\nskinparam defaultFontName DejaVu Sans\nAlice -> Bob : hello\n@enduml\n"}
        )["x"]
        face = read_metrics(FONTS)["sans"]
        text = re.search(r"<text([^>]*)>hello<", svg)[1]
        size = float(re.search(r'font-size="([\d.]+)"', text)[1])
        width = sum(face["advances"][ord(letter)] for letter in "hello") * size / face["unitsPerEm"]
        assert float(re.search(r'textLength="([\d.]+)"', text)[1]) == pytest.approx(width, abs=0.01)


SVG = '<svg xmlns="http://www.w3.org/2000/svg">'


class TestTheme:
    PALETTE = Palette(
        {"ink": "#111111", "line": "#222222", "ground": "#fafafa"},
        {"ink": "#eeeeee", "line": "#dddddd", "ground": "#0a0a0a"},
    )

    def test_recolor(self):
        svg = f'{SVG}<rect fill="#00000000" style="stroke:#111111"/><text fill="#222222"/></svg>'
        dark = recolor(svg, self.PALETTE, "dark")
        assert 'fill="none"' in dark and "stroke:#eeeeee" in dark and 'fill="#dddddd"' in dark
        with pytest.raises(PaletteError, match="color #333333 is not in the book's palette"):
            recolor(svg.replace("#222222", "#333333"), self.PALETTE, "light")

    def test_labels_of_arrows_stand_clear_of_their_lines(self):
        svg = f'{SVG}<g class="link"><text x="10">call</text></g><text x="10">box</text></svg>'
        light = recolor(svg, self.PALETTE, "light")
        assert 'x="14" stroke="#fafafa"' in light and '<text x="10">box' in light

    def test_inline_ids_are_prefixed_where_they_are_used(self):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="100px"><defs><filter id="f1"/></defs>'
            '<g id="unused" filter="url(#f1)"><title>internal</title></g></svg>'
        )
        inline = inline_svg(svg, self.PALETTE, 'Say "hi"', "d1-")
        assert 'id="d1-f1"' in inline and "url(#d1-f1)" in inline
        assert "unused" not in inline and "internal" not in inline and "&quot;hi&quot;" in inline

    def test_css_has_both_themes(self):
        text = css(self.PALETTE)
        assert text.count("--diagram-ink:#eeeeee") == 2 and "@media not print" in text

    def test_palettes_of_the_book_agree_and_contrast(self):
        """WCAG 2.2: text 4.5 to 1 on every surface it stands on, lines 3 to 1 on the page."""
        palette = Palette.read(ppm_diagrams.STYLE)

        def luminance(color):
            channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
            linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

        def contrast(one, other):
            high, low = sorted([luminance(one), luminance(other)], reverse=True)
            return (high + 0.05) / (low + 0.05)

        surfaces = ["surface", "ground", "yours", "control", "worker", "data", "trouble"]
        for theme, page in ((palette.light, "#ffffff"), (palette.dark, "#131416")):
            for name in surfaces:
                assert contrast(theme["ink"], theme[name]) >= 7, name
            for name in ("surface", "ground"):
                assert contrast(theme["quiet"], theme[name]) >= 4.5, name
            for name in [name for name in theme if name.endswith("line")]:
                assert contrast(theme[name], page) >= 3, name

    def test_palettes_that_disagree_are_refused(self, tmp_path):
        (tmp_path / "palette-light.puml").write_text('!$ink = "#111111"\n!$line = "#222222"\n', "utf8")
        (tmp_path / "palette-dark.puml").write_text('!$ink = "#eeeeee"\n', "utf8")
        with pytest.raises(PaletteError, match=r"palette-dark\.puml:1: .*line"):
            Palette.read(tmp_path)
