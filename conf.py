"""Sphinx configuration: ``sphinx-build -c . book build/html`` from the repository root."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BOOK = ROOT / "book"
sys.path[:0] = [str(ROOT), str(BOOK / "_ext")]

project = "Parallel Python, Measured"
author = "The Parallel Python, Measured team"
copyright = f"2026, {author}"
# The edition stands in pyproject.toml alone.
version = release = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["version"]
language = "en"

extensions = [
    "myst_parser",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinxcontrib.bibtex",
    "sphinxcontrib.plantuml",
    "ppm_strict",
    "ppm_diagrams",
    "ppm_math",
    "ppm_html",
    "ppm_register",
    "ppm_contradictions",
    "ppm_decisions",
    "ppm_drills",
    "ppm_questions",
    "ppm_calculator",
    "ppm_systems",
    "ppm_evidence",
    "ppm_cite",
    "ppm_typst",
]
exclude_patterns = ["_data", "_ext", "_static", "_templates", "**/__pycache__", "conftest.py"]
nitpicky = True

# MyST
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 0  # explicit labels are the only anchors
suppress_warnings: list[str] = []

# Numbers, the same in HTML and PDF
numfig = True
numfig_secnum_depth = 1

# Bibliography: one file a system, and general.bib
bibtex_bibfiles = sorted(str(path.relative_to(ROOT)) for path in (BOOK / "_data" / "sources").glob("*.bib"))
bibtex_reference_style = "label"
bibtex_default_style = "plain"

# PDF
typst_subtitle = "A field guide to parallel and distributed Python"

# HTML
html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["book/_static"]
templates_path = ["book/_templates"]
html_css_files = [("book.css", {"priority": 900})]
html_js_files = [("book.js", {"defer": "defer"})]
html_logo = "book/_static/logo.svg"
html_favicon = "book/_static/favicon.svg"
html_show_sourcelink = False
html_secnumber_suffix = "\N{EN SPACE}"
html_copy_source = False
html_show_search_summary = False  # file:// cannot fetch the sources
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
# The formatter puts blank lines between a function and "# endregion"; a listing ends without them.
highlight_options = {"default": {"stripnl": True}, "python": {"stripnl": True}}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
