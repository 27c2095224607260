"""ppm_math: formulas are set when the book is built."""

import re

import pytest
from ppm_diagrams_node.engine import NODE_MODULES
from sphinx_project import build

pytestmark = pytest.mark.skipif(
    not (NODE_MODULES / "katex").exists(), reason="node_modules is missing: run python -m tools.npm"
)

CONFIG = {"extensions": ["myst_parser", "ppm_math"]}


def build_page(tmp_path, text, **files):
    return build(tmp_path, {"index.md": text, **files}, confoverrides=CONFIG)


def test_formulas_are_html_with_mathml_and_need_no_script(tmp_path):
    result = build_page(tmp_path, "# Math\n\nSpeed-up $S(n) = 1/(1-p)$.\n\n$$\nx^2\n$$\n")
    page = result.html("index")
    assert not result.error and not result.warnings
    assert page.count("<math ") == 2 and page.count('class="katex-html" aria-hidden="true"') == 2
    assert page.count('class="katex-display"') == 1
    assert not re.search(r"<script[^>]*(mathjax|katex)", page, re.I)


def test_stylesheet_and_fonts_come_only_with_a_formula(tmp_path):
    result = build_page(
        tmp_path, "# Math\n\n$x$\n\n```{toctree}\nplain\n```\n", **{"plain.md": "# Plain\n\nNo formula.\n"}
    )
    assert "katex.min.css" in result.html("index")
    assert "katex.min.css" not in result.html("plain")
    static = result.outdir / "_static" / "katex"
    named = set(re.findall(r"url\(([^)]*)\)", (static / "katex.min.css").read_text("utf8")))
    assert named and all((static / name).exists() for name in named)

    without = build(tmp_path / "without", {"index.md": "# Plain\n"}, confoverrides=CONFIG)
    assert not (without.outdir / "_static" / "katex").exists()


def test_equations_are_numbered_and_referenced(tmp_path):
    result = build_page(tmp_path, "# Math\n\nSee {eq}`usl`.\n\n```{math}\n:label: usl\ny = x\n```\n")
    page = result.html("index")
    assert '<span class="eqno">(1)' in page
    assert re.search(r'href="#equation-usl"[^>]*>.*?\(?1\)?', page)
    assert 'id="equation-usl"' in page


def test_lines_of_an_equation_are_aligned(tmp_path):
    result = build_page(
        tmp_path, "# Math\n\n```{math}\na &= b \\\\\nc &= d\n```\n\n$$\n\\begin{align}a &= b\\end{align}\n$$\n"
    )
    assert not result.error
    assert result.html("index").count("<mtable") == 2


def test_invalid_formula_is_named_with_file_and_line(tmp_path):
    result = build_page(tmp_path, "# Math\n\nFine.\n\nBroken $\\frac{1$ here.\n\n$$\n\\nonsense{x}\n$$\n")
    message = str(result.error)
    assert len(message.splitlines()) == 2
    assert re.search(r"index\.md:5: KaTeX parse error", message)
    assert re.search(r"index\.md:[79]: KaTeX parse error: Undefined control sequence: \\nonsense", message)


def test_only_new_formulas_are_rendered(tmp_path, monkeypatch):
    import ppm_math

    build_page(tmp_path, "# Math\n\n$x$ and $y$\n")
    calls = []
    run = ppm_math.subprocess.run
    monkeypatch.setattr(ppm_math.subprocess, "run", lambda *a, **k: calls.append(k["input"]) or run(*a, **k))
    build_page(tmp_path, "# Math\n\n$x$ and $z$\n")
    assert len(calls) == 1 and '"z"' in calls[0] and '"x"' not in calls[0]
    build_page(tmp_path, "# Math\n\n$x$ and $z$!\n")
    assert len(calls) == 1


def test_parallel_build(tmp_path):
    pages = {f"page{number}.md": f"# Page\n\n$x_{number}$\n" for number in range(12)}
    names = "\n".join(f"page{number}" for number in range(12))
    result = build(
        tmp_path, {"index.md": f"# Math\n\n```{{toctree}}\n{names}\n```\n", **pages}, confoverrides=CONFIG, parallel=2
    )
    assert not result.error and not result.warnings
    assert all("<math " in result.html(f"page{number}") for number in range(12))
