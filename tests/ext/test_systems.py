"""The list of a part's systems, on minimal books."""

from __future__ import annotations

import re

from register_data import book, system
from sphinx_project import build

CONFIG = {"extensions": ["myst_parser", "ppm_systems"]}
PART = "distributed-computing-frameworks"
INDEX = f"# Book\n\n```{{toctree}}\n:numbered:\n\n{PART}/index\n```\n"


def page(name):
    return f"({name.lower()})=\n# {name}\n\n({name.lower()}-overview)=\n## Overview\n"


def build_part(tmp_path, directive="```{part-systems}\n```", **files):
    base = book(
        INDEX,
        **{
            f"{PART}/index.md": f"# Part\n\n{directive}\n",
            f"{PART}/ray.md": page("Ray"),
            f"{PART}/dask.md": page("Dask"),
            "_data/systems/dask.toml": system("dask", **{"order = 2": "order = 1"}),
            "_data/systems/airflow.toml": system("airflow", **{PART: "workflow-orchestration"}),
        },
    )
    return build(tmp_path, base | files, confoverrides=CONFIG)


def listed(result):
    return re.findall(r'<dt><a class="reference internal" href="([^"]+)">', result.html(f"{PART}/index"))


def test_systems_stand_in_their_order_with_their_summaries(tmp_path):
    result = build_part(tmp_path)
    assert not result.warnings
    assert listed(result) == ["dask.html", "ray.html"]
    assert (
        '<p>Tasks, <code class="docutils literal notranslate"><span class="pre">actors</span></code> and'
        in result.html(f"{PART}/index")
    )


def test_pages_are_numbered_and_in_the_navigation(tmp_path):
    result = build_part(tmp_path)
    numbers = result.app.env.toc_secnumbers
    assert (numbers[f"{PART}/dask"][""], numbers[f"{PART}/ray"]["#ray-overview"]) == ((1, 1), (1, 2, 1))
    assert result.app.env.toctree_includes[f"{PART}/index"] == [f"{PART}/dask", f"{PART}/ray"]
    assert 'rel="next" title="1.2. Ray"' in result.html(f"{PART}/dask")


def test_hidden_shows_no_list_and_numbers_all_the_same(tmp_path):
    result = build_part(tmp_path, "```{part-systems}\n:hidden:\n```")
    assert not result.warnings
    assert listed(result) == []
    assert result.app.env.toc_secnumbers[f"{PART}/ray"][""] == (1, 2)


def test_adding_a_system_changes_no_other_file(tmp_path):
    build_part(tmp_path)
    files = {"_data/systems/zebra.toml": system("zebra"), f"{PART}/zebra.md": page("Zebra")}
    result = build(tmp_path, files, confoverrides=CONFIG)
    assert not result.warnings
    assert listed(result) == ["dask.html", "ray.html", "zebra.html"]
    assert result.app.env.toc_secnumbers[f"{PART}/zebra"][""] == (1, 3)


def test_data_without_a_page_is_one_error(tmp_path):
    result = build_part(tmp_path, **{"_data/systems/zebra.toml": system("zebra")})
    [line] = result.warnings.splitlines()
    assert f"{PART}/index.md:3: ERROR: system 'zebra' has data (zebra.toml) and no page {PART}/zebra.md" in line
    then = build(tmp_path, {f"{PART}/zebra.md": page("Zebra")}, confoverrides=CONFIG)
    assert not then.warnings


def test_outside_of_a_part_is_an_error(tmp_path):
    result = build(tmp_path, book("# Book\n\n```{part-systems}\n```\n"), confoverrides=CONFIG)
    [line] = result.warnings.splitlines()
    assert (
        "index.md:3: ERROR: {part-systems} belongs in the index page of a part: single-computer-parallelization, "
        in line
    )


def test_a_part_without_systems(tmp_path):
    result = build(
        tmp_path,
        book(
            "# Book\n\n```{toctree}\ncloud-infrastructure/index\n```\n",
            **{
                "cloud-infrastructure/index.md": "# Part\n\n```{part-systems}\n```\n",
            },
        ),
        confoverrides=CONFIG,
    )
    assert not result.warnings
