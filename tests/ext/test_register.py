"""Roles and the card of the register, on minimal books."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup
from register_data import BIB, SYSTEM, book, measurement, system
from sphinx_project import build

CONFIG = {"extensions": ["myst_parser", "ppm_register"]}


def build_page(tmp_path, page, builder="html", files=None, **options):
    return build(tmp_path, book(f"# Page\n\n{page}\n") | (files or {}), builder, confoverrides=CONFIG, **options)


def soup(result, docname="index"):
    return BeautifulSoup(result.html(docname), "html.parser")


def shown(result):
    """Text and note of each value on the page."""
    return [
        (value.select_one(".measured, .fact, .claim").get_text(), value.select_one("[role=tooltip]").get_text())
        for value in soup(result).select(".register-value")
    ]


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("{measured}`ray:task_cost.roundtrip`", "500 µs"),
        ("{measured}`ray:task_cost.roundtrip p95`", "590 µs"),
        ("{measured}`ray:task_cost.roundtrip min in ms`", "0.40 ms"),
        ("{measured}`ray:task_cost.roundtrip n`", "3"),
        ("{measured}`ray:task_cost.stream in 1/s`", "10,000/s"),
        ("{measured}`ray:task_cost.stream in us`", "100 µs"),
        ("{measured}`ray:threading.task_cost.stream`", "20.0 µs"),
        ("{measured}`ray:startup.first_result`", "4.10 s"),
        ("{measured}`ray:payload.in.1MB in MB/s`", "750 MB/s"),
        ("{measured}`ray:memory.loaded`", "90.0 MB"),
        ("{measured}`ray:weight.packages`", "12"),
        ("{fact}`ray:max-retries`", "3 retries"),
        ("{fact}`ray:max-nodes`", "unknown"),
        ("{claim}`at least 4 times <ray:task_cost.roundtrip / ray:task_cost.stream >= 4>`", "at least 4 times"),
    ],
)
def test_a_role_shows_its_value(tmp_path, role, text):
    result = build_page(tmp_path, f"It is {role}.")
    assert not result.warnings
    [(value, note)] = shown(result)
    assert value == text.replace(" ", "\N{NO-BREAK SPACE}") if not role.startswith("{claim}") else value == text
    assert note.endswith("2026-11-23.")


def test_the_note_of_a_measured_number(tmp_path):
    result = build_page(tmp_path, "{measured}`ray:task_cost.roundtrip`")
    [(_, note)] = shown(result)
    assert note.replace("\N{NO-BREAK SPACE}", " ") == (
        "One empty task. Median of 3 runs, 5th to 95th percentile 410–590 µs. "
        "Machine vm-2core (AMD EPYC, 2 cores), Python 3.11.7, ray 2.60.0, 2026-11-23."
    )


def test_the_note_of_a_fact_and_its_source(tmp_path):
    result = build_page(tmp_path, "{fact}`ray:max-retries` {fact}`ray:max-nodes`")
    (_, note), (_, unknown) = shown(result)
    version = "version\N{NO-BREAK SPACE}2.60.0, checked 2026-11-23."
    assert note == f"Source: Task Fault Tolerance, Task fault tolerance; {version}"
    assert unknown == f"Unknown: the documentation names no limit; {version}"
    assert soup(result).select_one(".fact a")["href"] == "https://docs.ray.io/faults.html"


def test_the_source_of_a_fact_stands_in_the_list_of_sources(tmp_path):
    more = BIB.replace("ray-faults", "ray-other").replace("Task Fault Tolerance", "Nobody Cites This")
    page = "It is {fact}`ray:max-retries`.\n\n```{bibliography}\n```"
    config = {
        "extensions": ["myst_parser", "sphinxcontrib.bibtex", "ppm_register"],
        "bibtex_bibfiles": ["_data/sources/ray.bib"],
    }
    result = build(tmp_path, book(page, **{"_data/sources/ray.bib": BIB + more}), confoverrides=config)
    assert not result.warnings
    assert "Task fault tolerance." in soup(result).select_one("div.citation-list").get_text()
    assert "Nobody Cites This" not in result.html("index")


def test_the_note_of_a_claim_shows_what_was_compared(tmp_path):
    result = build_page(tmp_path, "{claim}`more <ray:task_cost.roundtrip / ray:task_cost.stream >= 4>`")
    [(_, note)] = shown(result)
    assert note.startswith("Checked when the book was built: 5.00 ≥ 4.00, from ray:task_cost.roundtrip 500")


def test_notes_are_reached_by_keyboard_and_described(tmp_path):
    result = build_page(tmp_path, "{measured}`ray:task_cost.roundtrip` {fact}`ray:max-retries` {fact}`ray:max-nodes`")
    page = soup(result)
    assert len({note["id"] for note in page.select("[role=tooltip]")}) == 3
    for value in page.select(".register-value"):
        described = value.select_one("[aria-describedby]")
        assert described["aria-describedby"] == value.select_one("[role=tooltip]")["id"]
        assert value.select_one("a[href], [tabindex='0']")


def test_a_value_in_a_heading_has_no_note(tmp_path):
    result = build_page(tmp_path, "## It takes {measured}`ray:task_cost.roundtrip`")
    assert not soup(result).select("[role=tooltip]")


def test_nodes_carry_what_other_extensions_need(tmp_path):
    page = "{measured}`ray:memory.loaded` {fact}`ray:max-retries` {claim}`x <ray:memory.loaded > 1>`"
    result = build_page(tmp_path, page)
    doctree = result.app.env.get_doctree("index")
    values = {
        node["classes"][0]: node
        for node in doctree.findall()
        if node.__class__.__name__ in ("measured", "fact", "claim")
    }
    assert values["measured"]["probes"] == values["claim"]["probes"] == ["ray:memory.loaded"]
    assert values["fact"]["sources"] == ["ray-faults"]
    assert values["fact"]["title"] == values["fact"]["note"]
    assert all(node["note"] for node in values.values())


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("ray:task_cost.roundtrip > ray:task_cost.stream", True),
        ("ray:task_cost.roundtrip < ray:task_cost.stream", False),
        ("ray:task_cost.roundtrip max <= 0.0006", True),
        ("4 <= ray:task_cost.roundtrip / ray:task_cost.stream <= 6", True),
        ("(ray:task_cost.roundtrip - ray:task_cost.stream) * 2 >= -1", True),
        ("ray:task_cost.roundtrip + ray:task_cost.stream >= 1", False),
        ("ray:memory.loaded / ray:task_cost.roundtrip >= ray:memory.loaded / ray:startup.first_result", True),
        ("ray:task_cost.roundtrip n >= 3", True),
    ],
)
def test_claims_are_checked(tmp_path, expression, holds):
    result = build_page(tmp_path, f"It is {{claim}}`so <{expression}>`.")
    assert bool(result.warnings) != holds
    if not holds:
        assert "index.md:3: ERROR: {claim}" in result.warnings
        assert "the claim does not hold: " in result.warnings


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("{fact}`ray:max-retry`", "system 'ray' has no fact 'max-retry'; did you mean 'max-retries'"),
        ("{fact}`rai:max-retries`", "unknown system 'rai'; did you mean 'ray'?"),
        ("{fact}`max-retries`", "write system:fact"),
        ("{measured}`ray:task_cost.round`", "system 'ray' has no probe 'task_cost.round' on vm-2core; did you mean"),
        ("{measured}`ray:task_cost.stream p99`", "unknown statistic 'p99'; there are median, p5"),
        ("{measured}`ray:task_cost.stream in MB`", "'s' does not convert to 'MB'"),
        ("{measured}`ray:task_cost.stream in parsec`", "unknown unit 'parsec'"),
        ("{measured}`ray:task_cost.stream in kB/s`", "'s' does not convert to 'kB/s'"),
        ("{measured}`ray`", "write system:probe"),
        ("{claim}`more`", "write the statement"),
        ("{claim}`more <ray:task_cost.stream>`", "must be a comparison"),
        ("{claim}`more <2 > 1>`", "the expression names no measurement"),
        ("{claim}`more <ray:nope > 1>`", "system 'ray' has no probe 'nope'"),
        ("{claim}`more <ray:task_cost.stream >>`", "does not parse"),
        ("{claim}`more <ray:task_cost.stream == 1>`", "never equal"),
        ("{claim}`more <ray:task_cost.stream > ray:memory.loaded>`", "compares values of different units"),
        ("{claim}`more <ray:task_cost.stream + ray:memory.loaded > 1>`", "adds values of different units"),
        ("{claim}`more <ray:task_cost.stream / 0 > 1>`", "division by zero"),
        ("{claim}`more <ray:task_cost.stream ** 2 > 1>`", "only numbers, names"),
        ("{claim}`more <__import__('os').getpid() > ray:memory.loaded>`", "only numbers, names"),
    ],
)
def test_a_wrong_role_is_one_error_with_its_line(tmp_path, role, message):
    result = build_page(tmp_path, f"A paragraph\nof three lines\nwith {role} in it.")
    [line] = result.warnings.splitlines()
    assert "index.md:5: ERROR: " in line
    assert message in line
    assert result.error is None


@pytest.mark.parametrize(
    ("text", "number", "fits"),
    [
        ("at least 4 times", "4", True),
        ("at least four times", "4", True),
        ("fourfold", "4", True),
        ("1,000 times", "1000", True),
        ("more than twice", "2", True),
        ("half", "4", True),
        ("at least 5 times", "4", False),
        ("twice", "4", False),
        ("at least 3 times", "4", False),
    ],
)
def test_the_wording_of_a_claim_fits_its_comparison(tmp_path, text, number, fits):
    result = build_page(
        tmp_path, f"It is {{claim}}`{text} <ray:task_cost.roundtrip * 1e6 / ray:task_cost.stream >= {number}>`."
    )
    inverse = build_page(
        tmp_path, f"It is {{claim}}`{text} <ray:task_cost.stream / ray:task_cost.roundtrip / 1e6 <= 1 / {number}>`."
    )
    for built in (result, inverse):
        assert ("the statement says" not in built.warnings) == fits, built.warnings


def without(name, text):
    """The same measurement without one of its probes."""
    data = json.loads(text)
    del data["probes"][name]
    return json.dumps(data)


#: Dask was measured on a laptop alone, which also knows less of Ray.
TWO_MACHINES = {
    "_data/systems/dask.toml": system("dask"),
    "_data/measurements/laptop/dask.json": measurement("dask", machine="laptop"),
    "_data/measurements/laptop/ray.json": without("memory.loaded", measurement(machine="laptop", scale=2)),
    "_data/measurements/reference.txt": "laptop\nvm-2core\n",
}


@pytest.mark.parametrize(
    ("role", "text", "machine"),
    [
        ("{measured}`ray:task_cost.stream`", "200 µs", "laptop"),
        ("{measured}`ray:memory.loaded`", "90.0 MB", "vm-2core"),
        ("{claim}`so <ray:task_cost.stream > dask:task_cost.stream>`", "so", "laptop"),
        ("{claim}`so <ray:memory.loaded / ray:task_cost.stream > 0>`", "so", "vm-2core"),
    ],
)
def test_what_is_compared_comes_from_the_first_machine_that_has_it_all(tmp_path, role, text, machine):
    result = build_page(tmp_path, role, files=TWO_MACHINES)
    assert not result.warnings
    [(value, note)] = shown(result)
    assert value.replace("\N{NO-BREAK SPACE}", " ") == text
    other = {"laptop", "vm-2core"} - {machine}
    assert f"Machine {machine} " in note and not any(f"Machine {name} " in note for name in other)


def test_a_page_may_prefer_a_machine(tmp_path):
    files = TWO_MACHINES | {"_data/measurements/reference.txt": "vm-2core\nlaptop in* elsewhere\n"}
    page = "{measured}`ray:task_cost.stream` {measured}`ray:memory.loaded`"
    notes = [note for _, note in shown(build_page(tmp_path, page, files=files))]
    assert "Machine laptop " in notes[0] and "Machine vm-2core " in notes[1]


def test_a_claim_over_what_no_one_machine_has_is_one_error(tmp_path):
    result = build_page(tmp_path, "{claim}`so <ray:memory.loaded / dask:task_cost.stream > 0>`", files=TWO_MACHINES)
    assert "no one machine has all that is compared" in result.warnings


def test_the_card(tmp_path):
    result = build_page(tmp_path, "```{system-card} ray\n```")
    assert not result.warnings
    card = soup(result).select_one("dl.system-card")
    for note in card.select("[role=tooltip]"):
        note.extract()
    rows = {term.get_text(): term.find_next("dd").get_text().strip() for term in card.select("dt")}
    assert rows == {
        "Version run": "2.60.0 (released 2026-10-01), Python\N{NO-BREAK SPACE}3.11.7",
        "License": "Apache-2.0",
        "Runs on": "one machine or a cluster",
        "Unit of work": "task or actor method",
        "Install": "pip install ray==2.60.0",
        "Start-up to first result": "4.10\N{NO-BREAK SPACE}s",
        "Cost per task": "500\N{NO-BREAK SPACE}µs",
        "Use when": "workers must hold state",
        "Avoid when": "one process is enough",
        "Links": "homepage · source code",
    }


@pytest.mark.parametrize("distribution", ["stdlib", "service"])
def test_the_card_of_what_pip_does_not_install(tmp_path, distribution):
    toml = SYSTEM.replace('distribution = "ray"', f'distribution = "{distribution}"')
    files = {"_data/systems/ray.toml": toml, "_data/measurements/vm-2core/ray.json": measurement()}
    result = build_page(tmp_path, "```{system-card} ray\n```", files=files)
    assert "Install" not in result.html("index")


def test_the_card_of_a_system_that_was_not_measured(tmp_path):
    files = book("# P\n\n```{system-card} ray\n```\n")
    del files["_data/measurements/vm-2core/ray.json"]
    result = build(tmp_path, files, confoverrides=CONFIG)
    assert not result.warnings
    assert len(re.findall("not measured", result.html("index"))) == 2


def test_a_card_of_an_unknown_system(tmp_path):
    result = build_page(tmp_path, "```{system-card} rai\n```")
    [line] = result.warnings.splitlines()
    assert "index.md:3: ERROR: {system-card}: unknown system 'rai'; did you mean 'ray'?" in line


def test_other_builders_write_the_values(tmp_path):
    result = build_page(tmp_path, "It is {measured}`ray:memory.loaded`.", builder="text")
    assert not result.warnings
    assert "It is 90.0" in (result.outdir / "index.txt").read_text("utf8")


def test_a_page_is_read_again_when_its_data_changes(tmp_path):
    files = {"other.md": "# Other\n\nNothing.\n"}
    build_page(tmp_path, "{measured}`ray:memory.loaded`\n\n```{toctree}\nother\n```", files=files)
    unchanged = build(tmp_path, {}, confoverrides=CONFIG)
    assert unchanged.html("index").count("90.0") == 1
    more = {"unit": "B", "samples": [50_000_000]}
    changed = build(
        tmp_path, {"_data/measurements/vm-2core/ray.json": measurement(memory__loaded=more)}, confoverrides=CONFIG
    )
    assert "50.0" in changed.html("index")
    assert changed.app.env.all_docs["other"] == unchanged.app.env.all_docs["other"]
    assert changed.app.env.all_docs["index"] != unchanged.app.env.all_docs["index"]


def test_a_page_is_read_again_when_its_first_measurement_appears(tmp_path):
    files = book("# P\n\n```{system-card} ray\n```\n")
    data = files.pop("_data/measurements/vm-2core/ray.json")
    build(tmp_path, files, confoverrides=CONFIG)
    result = build(tmp_path, {"_data/measurements/vm-2core/ray.json": data}, confoverrides=CONFIG)
    assert "not measured" not in result.html("index")


def test_pages_may_be_read_in_parallel(tmp_path):
    pages = {f"p{number}.md": "# P\n\n{measured}`ray:memory.loaded` {fact}`ray:max-retry`\n" for number in range(12)}
    toctree = "\n".join(["```{toctree}", *(name.removesuffix(".md") for name in pages), "```"])
    result = build_page(tmp_path, toctree, files=pages, parallel=2)
    assert result.warnings.count("did you mean 'max-retries'") == 12
    assert set(result.app.env.domaindata["ppm"]["shown"]) == {name.removesuffix(".md") for name in pages}
