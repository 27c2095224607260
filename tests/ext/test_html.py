"""ppm_html: corrections to the HTML of others."""

import re

from sphinx_project import build

CONFIG = {"extensions": ["myst_parser", "ppm_html"], "html_theme": "furo"}
TABLE = "| | one |\n|---|---|\n| row | 1 |\n"


def test_empty_corner_of_a_table_is_no_header(tmp_path):
    page = build(tmp_path, {"index.md": f"# Page\n\n{TABLE}"}, confoverrides=CONFIG).html("index")
    assert len(re.findall(r"<th\b", page)) == 1 and "<td></td>" in page


def test_captions_of_the_sidebar_have_a_level(tmp_path):
    index = "# Book\n\n```{toctree}\n:caption: Part\n\npage\n```\n"
    page = build(tmp_path, {"index.md": index, "page.md": "# Page\n"}, confoverrides=CONFIG).html("index")
    assert page.count('role="heading" aria-level="2"') == page.count('role="heading"') >= 1


def test_citations_are_list_items(tmp_path):
    config = CONFIG | {"extensions": [*CONFIG["extensions"], "sphinxcontrib.bibtex"], "bibtex_bibfiles": ["a.bib"]}
    bib = "@misc{key, title = {Title}, author = {Author}, year = 2026}\n"
    index = "# Page\n\n{cite:p}`key`\n\n```{bibliography}\n```\n"
    page = build(tmp_path, {"index.md": index, "a.bib": bib}, confoverrides=config).html("index")
    assert "doc-biblioentry" not in page and re.search(r'class="citation"[^>]*role="listitem"', page)


def test_boxes_have_no_second_id_and_every_table_has_one(tmp_path, monkeypatch):
    index = f"# Page\n\n```{{table}} Named\n:name: named\n\n{TABLE}```\n\n```{{math}}\n:label: eq\nx\n```\n"
    page = build(tmp_path, {"index.md": index}, confoverrides=CONFIG).html("index")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) and {"named", "equation-eq"} <= set(ids)
    assert page.count("table-wrapper") == page.count("<table")


def test_table_made_late_is_wrapped(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "late.py").write_text(
        "from docutils import nodes\n"
        "def add(app, doctree, docname):\n"
        "    entry = nodes.entry('', nodes.paragraph('', 'cell'))\n"
        "    body = nodes.tbody('', nodes.row('', entry))\n"
        "    group = nodes.tgroup('', nodes.colspec(colwidth=1), body, cols=1)\n"
        "    next(doctree.findall(nodes.section)).append(nodes.table('', group))\n"
        "def setup(app):\n"
        "    app.connect('doctree-resolved', add)\n",
        "utf8",
    )
    import sys

    sys.path.insert(0, str(tmp_path / "book"))
    try:
        config = CONFIG | {"extensions": [*CONFIG["extensions"], "late"]}
        page = build(tmp_path, {"index.md": "# Page\n"}, confoverrides=config).html("index")
    finally:
        sys.path.remove(str(tmp_path / "book"))
    assert re.search(r'class="table-wrapper[^"]*">\s*<table', page)
