"""The tables of the register, on minimal books."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from register_data import SYSTEM, book, measurement, system
from sphinx_project import build

CONFIG = {"extensions": ["myst_parser", "ppm_register"], "numfig": True}
PART = "distributed-computing-frameworks"


def build_page(tmp_path, page, files=None):
    """Build a book of two systems, of which the second has no facts and one probe less."""
    data = json.loads(measurement("dask", scale=0.6))
    del data["probes"]["memory.loaded"]
    base = book(
        f"# Page\n\n{page}\n\n```{{toctree}}\n{PART}/ray\n{PART}/dask\n```\n",
        **{
            "_data/systems/dask.toml": system("dask"),
            "_data/measurements/vm-2core/dask.json": json.dumps(data),
            f"{PART}/ray.md": "(ray)=\n# Ray\n\n(ray-performance)=\n## Performance\n",
            f"{PART}/dask.md": "(dask)=\n# Dask\n\n(dask-performance)=\n## Performance\n",
        },
    )
    return build(tmp_path, base | (files or {}), confoverrides=CONFIG)


def table_of(result):
    """Caption and cells of the page's only table."""
    [table] = BeautifulSoup(result.html("index"), "html.parser").select("table")
    for note in table.select("[role=tooltip], .headerlink"):
        note.extract()
    rows = [
        [cell.get_text().strip().replace("\N{NO-BREAK SPACE}", " ") for cell in row.select("th, td")]
        for row in table.select("tr")
    ]
    return table.select_one("caption").get_text().strip().replace("\N{NO-BREAK SPACE}", " "), rows


def directive(name, /, **options):
    lines = [f":{key}: {value}" for key, value in options.items()]
    return "\n".join([f"```{{{name}}}", *lines, "```"])


def test_probes_of_one_system_with_their_spread(tmp_path):
    result = build_page(
        tmp_path, directive("measurement-table", systems="ray", probes="task_cost.* weight.*", caption="Cost of Ray")
    )
    assert not result.warnings
    caption, rows = table_of(result)
    assert caption == "Table 1 Cost of Ray. Median of all runs. Machine vm-2core (AMD EPYC, 2 cores), 2026-11-23."
    assert rows == [
        ["Probe", "Median", "5th–95th percentile", "Runs"],
        ["Round trip of one empty task", "500 µs", "410–590 µs", "3"],
        ["Cost per task in a stream", "100 µs", "100 µs", "3"],
        ["Packages installed", "12", "one run", "1"],
    ]


def test_systems_and_variants_over_probes_share_a_unit(tmp_path):
    options = {"systems": "ray dask", "probes": "task_cost.roundtrip, *task_cost.stream, memory.loaded"}
    caption, rows = table_of(build_page(tmp_path, directive("measurement-table", **options)))
    assert "“–”: not measured." in caption
    assert rows == [
        [
            "System",
            "Round trip of one empty task (µs)",
            "Cost per task in a stream (µs)",
            "Memory per loaded worker (MB)",
        ],
        ["Ray", "500 (410–590)", "100 (100–100)", "90.0"],
        ["Ray, threading", "–", "20.0 (20.0–20.0)", "–"],
        ["Dask", "300 (250–350)", "60.0 (60.0–60.0)", "–"],
        ["Dask, threading", "–", "12.0 (12.0–12.0)", "–"],
    ]


def test_one_probe_over_systems(tmp_path):
    _, rows = table_of(
        build_page(tmp_path, directive("measurement-table", systems="ray dask", probes="startup.first_result"))
    )
    assert rows == [
        ["System", "Median", "5th–95th percentile", "Runs"],
        ["Ray", "4.10 s", "4.01–4.19 s", "3"],
        ["Dask", "2.46 s", "2.41–2.51 s", "3"],
    ]


def test_a_table_on_a_systems_page_shows_that_system(tmp_path):
    page = "(ray)=\n# Ray\n\n(ray-performance)=\n## Performance\n\n" + directive(
        "measurement-table", probes="task_cost.*"
    )
    result = build_page(tmp_path, "", {f"{PART}/ray.md": page})
    assert "Ray, measured." in result.html(f"{PART}/ray")


def test_tables_are_numbered_and_referenced(tmp_path):
    page = (
        directive("measurement-table", systems="ray", probes="task_cost.*", name="ray-tab-cost")
        + "\n\nSee {numref}`ray-tab-cost`."
    )
    result = build_page(tmp_path, page)
    assert not result.warnings
    assert (
        '<a class="reference internal" href="#ray-tab-cost"><span class="std std-numref">Table 1</span></a>'
        in result.html("index")
    )


def test_tables_name_their_probes_for_the_evidence(tmp_path):
    result = build_page(tmp_path, directive("measurement-table", systems="ray", probes="memory.loaded weight.*"))
    [table] = [node for node in result.app.env.get_doctree("index").findall() if node.tagname == "table"]
    assert table["probes"] == ["ray:memory.loaded", "ray:weight.packages"]
    assert "measurement-table" in table["classes"]


def test_another_machine(tmp_path):
    files = {
        "_data/measurements/laptop/ray.json": measurement(machine="laptop", scale=2),
        "_data/measurements/reference.txt": "vm-2core",
    }
    result = build_page(
        tmp_path, directive("measurement-table", systems="ray", probes="startup.*", machine="laptop"), files
    )
    caption, rows = table_of(result)
    assert "Machine laptop" in caption
    assert rows[1][1] == "8.20 s"


def test_a_comparison_is_taken_from_the_machine_that_has_most_of_it(tmp_path):
    """Dask was measured on the second machine alone, Ray on both: the table of both must not mix machines."""
    files = {
        "_data/measurements/laptop/ray.json": measurement(machine="laptop", scale=2),
        "_data/measurements/reference.txt": "laptop\nvm-2core",
    }
    both = directive("measurement-table", systems="measured", probes="startup.*")
    columns = directive("system-table", systems="ray dask", columns="startup.first_result")
    alone = directive("measurement-table", systems="ray", probes="startup.*")
    for page, machine in ((both, "vm-2core"), (columns, "vm-2core"), (alone, "laptop")):
        caption, _ = table_of(build_page(tmp_path, page, files))
        assert f"Machine {machine} (" in caption and caption.count("cores)") == 1


def test_facts_keys_probes_and_sections_over_systems(tmp_path):
    columns = "version, Where it runs = runs-on, max-retries, max-nodes, memory.loaded, section:performance"
    result = build_page(
        tmp_path,
        directive("system-table", columns=columns, caption="All"),
        {"_data/systems/dask.toml": system("dask", **{"order = 2": "order = 1"})},
    )
    caption, rows = table_of(result)
    assert caption.startswith("Table 1 All. Measured numbers are medians. “–”: the register holds no entry. Machine")
    assert rows[0] == [
        "System",
        "Version run",
        "Where it runs",
        "Retries when a worker dies",
        "Largest cluster tested",
        "Memory per loaded worker (MB)",
        "Performance",
    ]
    assert [row[:6] for row in rows[1:]] == [
        ["Dask", "2.60.0", "one machine or a cluster", "–", "–", "–"],
        ["Ray", "2.60.0", "one machine or a cluster", "3 retries", "unknown", "90.0"],
    ]
    html = result.html("index")
    assert f'href="{PART}/ray.html#ray"' in html
    assert "Unknown: the documentation names no limit" in html


def test_section_numbers(tmp_path):
    page = "# Page\n\n" + directive("system-table", systems="ray", columns="section:performance")
    toctree = f"\n\n```{{toctree}}\n:numbered:\n{PART}/ray\n{PART}/dask\n```\n"
    result = build_page(tmp_path, "", {"index.md": page + toctree})
    assert not result.warnings
    assert table_of(result)[1][1] == ["Ray", "1.1"]


def test_a_table_over_a_part_is_read_again_when_a_system_is_added(tmp_path):
    page = directive("system-table", part="distributed-computing-frameworks", columns="version")
    build_page(tmp_path, page)
    files = {
        "_data/systems/zebra.toml": system("zebra"),
        f"{PART}/zebra.md": "---\norphan: true\n---\n(zebra)=\n# Zebra\n",
        "_data/systems/airflow.toml": system("airflow", **{PART: "workflow-orchestration"}),
    }
    result = build(tmp_path, files, confoverrides=CONFIG)
    assert [row[0] for row in table_of(result)[1]] == ["System", "Dask", "Ray", "Zebra"]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("measurement-table", {"systems": "ray"}, "option :probes: is missing"),
        ("measurement-table", {"systems": "rai", "probes": "task_cost.*"}, "unknown system 'rai'; did you mean 'ray'?"),
        (
            "measurement-table",
            {"systems": "ray", "probes": "task_costs.*"},
            "no probe matches 'task_costs.*' in ray; did you mean",
        ),
        (
            "measurement-table",
            {"systems": "ray", "probes": "task_cost.*", "machine": "pc"},
            "system 'ray' has no measurements on pc",
        ),
        ("measurement-table", {"probes": "task_cost.*"}, "unknown system 'index'"),
        ("system-table", {}, "option :columns: is missing"),
        ("system-table", {"columns": "verison"}, "unknown column 'verison'; did you mean 'version'"),
        ("system-table", {"columns": "section:perf"}, "unknown section 'perf'"),
        ("system-table", {"columns": "version", "part": "nowhere"}, "unknown part 'nowhere'"),
        ("system-table", {"columns": "version", "part": "cloud-infrastructure"}, "there is no system to show"),
    ],
)
def test_a_wrong_table_is_one_error_with_its_line(tmp_path, name, options, message):
    [line] = build_page(tmp_path, directive(name, **options)).warnings.splitlines()
    assert f"index.md:3: ERROR: {{{name}}}: " in line
    assert message in line


def test_one_column_has_one_dimension(tmp_path):
    probes = {"custom__a": {"unit": "s", "samples": [1]}}
    other = {"custom__a": {"unit": "B", "samples": [1]}}
    files = {
        "_data/measurements/vm-2core/ray.json": measurement(**probes),
        "_data/measurements/vm-2core/dask.json": measurement("dask", **other),
    }
    page = directive("measurement-table", systems="ray dask", probes="custom.a task_cost.stream")
    assert "one column cannot show different units: size, time" in build_page(tmp_path, page, files).warnings


def test_unknown_option_is_an_error(tmp_path):
    assert "columnz" in build_page(tmp_path, directive("system-table", columns="version", columnz="x")).warnings


def test_system_without_page(tmp_path):
    toml = SYSTEM.replace('id = "ray"', 'id = "zebra"')
    result = build_page(
        tmp_path, directive("system-table", systems="zebra", columns="version"), {"_data/systems/zebra.toml": toml}
    )
    assert "undefined label: 'zebra'" in result.warnings


def test_titles_of_own_probes_and_labels_of_variants(tmp_path):
    own = (
        '[variants]\ndefault = "processes"\nthreading = "threads"\n\n[probes]\n"put.1MB" = "Putting a value"\n\n[card]'
    )
    toml, probe = SYSTEM.replace("[card]", own), {"unit": "s", "samples": [0.001], "description": "a probe"}
    files = {
        "_data/systems/ray.toml": toml,
        "_data/measurements/vm-2core/ray.json": measurement(put__1MB=probe, threading__put__1MB=probe),
    }
    page = directive("measurement-table", systems="ray", probes="put.1MB task_cost.stream threading.put.1MB")
    result = build_page(tmp_path, page + "\n\n{measured}`ray:put.1MB`", files)
    assert not result.warnings
    assert table_of(result)[1] == [
        ["System", "Putting a value (ms)", "Cost per task in a stream (µs)"],
        ["Ray, processes", "1.00", "100 (100–100)"],
        ["Ray, threads", "1.00", "–"],
    ]
    assert "Putting a value. One run." in result.html("index")


def test_accepted_results_name_why_and_what_they_do_not_meet(tmp_path):
    data = json.loads(measurement())
    data["accepted"] = {
        "why": "the machine has busy neighbors",
        "despite": ["2 of 9 timed probes are marked as noisy, more than 10%: a, b", "only 1 of 3 passes"],
    }
    files = {"_data/measurements/vm-2core/ray.json": json.dumps(data)}
    result = build_page(tmp_path, directive("accepted-results"), files)
    assert not result.warnings
    _, rows = table_of(result)
    unmet = "2 of 9 timed probes are marked as noisy, more than 10%; only 1 of 3 passes"
    assert rows[1:] == [["Ray", "vm-2core", "the machine has busy neighbors", unmet]]


def test_a_reason_that_results_share_stands_once(tmp_path):
    accepted = {"why": "the machine has busy neighbors", "despite": ["only 1 of 3 passes"]}
    files = {
        f"_data/measurements/vm-2core/{name}.json": json.dumps(json.loads(measurement(name)) | {"accepted": accepted})
        for name in ("ray", "dask")
    }
    _, rows = table_of(build_page(tmp_path, directive("accepted-results"), files))
    assert [row[2] for row in rows[1:]] == ["the machine has busy neighbors", "as above"]


def test_no_accepted_results(tmp_path):
    result = build_page(tmp_path, directive("accepted-results"))
    assert not result.warnings
    assert "Every published result meets all of the harness" in result.html("index")
