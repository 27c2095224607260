"""The evidence line, the levels of examples, and the tables of the evidence page, on minimal books."""

import json
import re

import pytest
from sphinx_project import build

CRITERIA = ("overview", "architecture", "scalability", "integration", "learning-curve", "performance", "use-case-fit")
CONFIG = {"extensions": ["myst_parser", "sphinxcontrib.bibtex", "ppm_evidence"], "bibtex_bibfiles": ["_data/ray.bib"]}
BIB = """
@misc{ray-a, title = {A}, author = {Me}, year = {2026}, url = {https://example.org/a}}
@misc{ray-b, title = {B}, author = {Me}, year = {2026}, url = {https://example.org/b}}
"""
TOML = 'id = "ray"\nname = "Ray"\ndistribution = "ray"\nversion = "2.60.0"\n'
CITED = "Ray keeps a claim short {cite:p}`ray-a`."
FENCE = "```python\n>>> 1 + 1\n2\n```"


def page(**sections: str) -> str:
    """A page of the system "ray"; *sections* replace the text of single criteria (``use_case_fit=…``)."""
    texts = {slug: sections.get(slug.replace("-", "_"), CITED) for slug in CRITERIA}
    return "(ray)=\n# Ray\n\n" + "\n".join(f"(ray-{slug})=\n## {slug}\n\n{text}\n" for slug, text in texts.items())


def build_page(tmp_path, files=(), **sections):
    """Build a book of one system page, and return the result."""
    index = "# Book\n\n```{toctree}\nparts/ray\n```\n\n```{bibliography}\n```\n"
    base = {"index.md": index, "parts/ray.md": page(**sections), "_data/ray.bib": BIB, "_data/systems/ray.toml": TOML}
    return build(tmp_path, base | dict(files), confoverrides=CONFIG)


def line_of(html: str, label: str) -> str:
    """The evidence line that stands directly under the heading of the section *label*."""
    found = re.search(rf'<section id="{label}">.*?</h2>\s*<p class="evidence">(.*?)</p>', html, re.DOTALL)
    return found.group(1) if found else ""


def badges(html: str) -> list[str]:
    return re.findall(r'<span class="ppm-level ppm-level-\w+">(.*?)</span>', html)


def test_counts_fences_and_sources_under_the_heading(tmp_path):
    result = build_page(tmp_path, overview=f"{FENCE}\n\n{FENCE}\n\n{CITED} {{cite:t}}`ray-a,ray-b`")
    assert not result.warnings
    html = result.html("parts/ray")
    assert line_of(html, "ray-overview") == "Evidence: 2 examples run · 2 sources"
    assert line_of(html, "ray-performance") == "Evidence: 1 source"


def test_nested_sections_count_in(tmp_path):
    result = build_page(tmp_path, overview=f"{CITED}\n\n(ray-overview-more)=\n### More\n\n{FENCE}")
    assert line_of(result.html("parts/ray"), "ray-overview") == "Evidence: 1 example run · 1 source"


def test_skipped_fence_is_no_evidence_and_says_why(tmp_path):
    never = f'% skip: next if(1 > 0, reason="needs a cluster")\n\n{FENCE}'
    skipped = f'{CITED}\n\n{never}\n\n% skip: next "slow"\n{FENCE}\n\n{FENCE}'
    result = build_page(tmp_path, overview=skipped)
    html = result.html("parts/ray")
    assert line_of(html, "ray-overview") == "Evidence: 1 example run · 1 source"
    assert badges(html) == ["not run · needs a cluster", "not run · slow", "native · ray 2.60.0"]


def test_section_without_evidence_is_an_error_with_file_and_line(tmp_path):
    result = build_page(tmp_path, scalability="Nothing to see.\n\n```text\nno example\n```")
    text = (tmp_path / "book/parts/ray.md").read_text().splitlines()
    line = text.index("## scalability") + 1
    assert result.warnings.count("\n") == 1
    assert re.search(rf"ray\.md:{line}: ERROR: section 'ray-scalability' shows no evidence", result.warnings)


def test_section_whose_only_fence_is_skipped_has_no_evidence(tmp_path):
    result = build_page(tmp_path, scalability=f'% skip: next "slow"\n{FENCE}')
    assert "section 'ray-scalability' shows no evidence" in result.warnings


def test_other_pages_need_no_evidence(tmp_path):
    result = build_page(
        tmp_path, files={"parts/other.md": ":orphan:\n\n# Other\n\n(other-notes)=\n## Notes\n\nText.\n"}
    )
    assert "no evidence" not in result.warnings


@pytest.mark.parametrize("fence", ["```python", "```{code-block} python"])
def test_level_comes_from_the_attribute(tmp_path, fence):
    result = build_page(tmp_path, overview=f"{{level=emulated}}\n{fence}\nx = 1\n```")
    assert not result.warnings
    assert badges(result.html("parts/ray")) == ["emulated"]


def test_data_fences_are_validated_and_commands_carry_no_level(tmp_path):
    result = build_page(tmp_path, overview=f"{CITED}\n\n```yaml\na: 1\n```\n\n```console\n$ true\n```")
    html = result.html("parts/ray")
    assert badges(html) == ["validated"]
    assert line_of(html, "ray-overview") == "Evidence: 1 source"


def test_badge_stands_only_where_the_level_changes(tmp_path):
    emulated = f"{{level=emulated}}\n{FENCE}"
    result = build_page(tmp_path, overview="\n\n".join([FENCE, FENCE, emulated, emulated, FENCE]), architecture=FENCE)
    native = "native · ray 2.60.0"
    assert badges(result.html("parts/ray")) == [native, "emulated", native, native]
    blocks = re.findall(r'<div class="[^"]*ppm-example-native[^"]* highlight-python', result.html("parts/ray"))
    assert len(blocks) == 4  # every example carries its level as a class


def test_unknown_level_is_an_error_with_file_and_line(tmp_path):
    result = build_page(tmp_path, overview=f"{{level=imagined}}\n{FENCE}")
    line = (tmp_path / "book/parts/ray.md").read_text().splitlines().index("```python") + 1
    assert re.search(rf"ray\.md:{line}: ERROR: unknown level of evidence 'imagined': one of native", result.warnings)


def test_badge_of_a_captioned_listing_stands_after_its_box(tmp_path):
    listing = "```{code-block} python\n:caption: A listing\n\nx = 1\n```"
    html = build_page(tmp_path, overview=listing).html("parts/ray")
    assert re.search(r"</pre></div>\s*</div>\s*</div>\s*<p class=\"ppm-badge\">", html)


@pytest.mark.parametrize(
    "statement",
    [
        "from examples.ray import map_batches",
        "from examples.ray import (\n    other,\n    map_batches,\n)",
        ">>> from examples.ray.map_batches import x",
        "import examples.ray.map_batches",
    ],
)
def test_shown_module_counts_once_and_only_when_no_fence_imports_it(tmp_path, statement):
    module = tmp_path / "examples" / "ray" / "map_batches.py"
    module.parent.mkdir(parents=True)
    module.write_text("x = 1\n")
    shown = "```{literalinclude} ../../examples/ray/map_batches.py\n```"
    imported = f"```python\n{statement}\n```"
    result = build_page(tmp_path, overview=f"{shown}\n\n{shown}", architecture=f"{shown}\n\n{imported}")
    html = result.html("parts/ray")
    assert line_of(html, "ray-overview") == "Evidence: 1 example run"
    assert line_of(html, "ray-architecture") == "Evidence: 1 example run"


EVIDENCE_PAGE = ":orphan:\n\n# Evidence\n\n```{evidence-table} sections\n```\n\n```{evidence-table} runs\n```\n"
RECORD = {
    "system": "ray",
    "distribution": "ray",
    "version": "2.60.0",
    "python": ["3.11", "3.14"],
    "date": "2026-11-23",
    "pages": {"book/parts/ray.md": {"ray-overview": {"passed": 3, "skipped": [{"reason": "needs a cluster"}]}}},
    "tests": {"passed": 5, "skipped": [{"name": "test_kill", "reason": "slow"}]},
}


def cells(html: str, kind: str) -> list[str]:
    table = re.search(rf'<table class="[^"]*evidence-{kind}[^"]*">.*?</table>', html, re.DOTALL).group()
    table = table.replace("\N{NO-BREAK SPACE}", " ")
    return [re.sub("<[^>]+>", "", cell).strip() for cell in re.findall(r"<td>(.*?)</td>", table, re.DOTALL)]


def test_evidence_page_lists_counts_and_runs(tmp_path):
    files = {"evidence.md": EVIDENCE_PAGE, "_data/evidence/ray.json": json.dumps(RECORD)}
    result = build_page(tmp_path, files, overview=f"{FENCE}\n\n{CITED}")
    assert not result.warnings
    html = result.html("evidence")
    assert cells(html, "sections")[:3] == ["Ray", "1 · 0 · 1", "0 · 0 · 1"]
    assert 'href="parts/ray.html#ray-overview"' in html
    assert cells(html, "runs") == [
        "Ray",
        "2.60.0",
        "3.11, 3.14",
        "2026-11-23",
        "3",
        "5",
        "needs a cluster; test_kill: slow",
    ]


def test_missing_record_is_not_run(tmp_path):
    result = build_page(tmp_path, {"evidence.md": EVIDENCE_PAGE})
    assert cells(result.html("evidence"), "runs")[:4] == ["Ray", "–", "–", "not run"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not a record of a run: Expecting property name"),
        ('{"system": "dask"}', "its system is 'dask'"),
        ('{"system": "ray"}', "it lacks 'version'"),
    ],
)
def test_broken_record_is_one_error(tmp_path, content, reason):
    result = build_page(tmp_path, {"evidence.md": EVIDENCE_PAGE, "_data/evidence/ray.json": content})
    assert result.warnings.count("ERROR") == 1
    assert "evidence.md:8: ERROR:" in result.warnings
    assert reason in result.warnings


def test_unknown_table_is_one_error(tmp_path):
    result = build_page(tmp_path, {"evidence.md": ":orphan:\n\n# Evidence\n\n```{evidence-table} everything\n```\n"})
    assert "evidence.md:5: ERROR: evidence-table shows sections or runs, not 'everything'" in result.warnings


def test_evidence_page_follows_a_change_elsewhere(tmp_path):
    build_page(tmp_path, {"evidence.md": EVIDENCE_PAGE})
    result = build_page(tmp_path, overview=f"{FENCE}\n\n{CITED}")
    assert cells(result.html("evidence"), "sections")[1] == "1 · 0 · 1"


def test_parallel_read_counts_the_same(tmp_path):
    others = {f"parts/note-{n}.md": f":orphan:\n\n# Note {n}\n" for n in range(12)}
    index = "# Book\n\n```{toctree}\nparts/ray\n```\n\n```{bibliography}\n```\n"
    files = {
        "index.md": index,
        "parts/ray.md": page(overview=FENCE),
        "evidence.md": EVIDENCE_PAGE,
        "_data/ray.bib": BIB,
        "_data/systems/ray.toml": TOML,
    } | others
    result = build(tmp_path, files, confoverrides=CONFIG, parallel=2)
    assert cells(result.html("evidence"), "sections")[1] == "1 · 0 · 0"
