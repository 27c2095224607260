"""The cost calculator: what is embedded, the table for paper, its JavaScript under Node against the shared cases."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from ppm_calculator.units import seconds_text
from ppm_diagrams_node.engine import node_program
from register_data import SYSTEM, book, measurement, system
from sphinx_project import ROOT, build

from tests.measure.javascript_cases import RUN_CASES, TABLE, wrong_cases

CONFIG = {"extensions": ["myst_parser", "ppm_calculator"]}
STATIC = ROOT / "book" / "_ext" / "ppm_calculator" / "static"
PAGE = "# Page\n\n```{cost-calculator}\n:name: typical\n```\n"

JOB = {
    "shared_job__sequential": {"unit": "s", "samples": [0.8] * 3, "parameters": {"batches": 64}},
    "shared_job__parallel": {"unit": "s", "samples": [0.5] * 3, "parameters": {"batches": 64, "workers": 2}},
    "threading__task_cost__roundtrip": {"unit": "s", "samples": [0.0002] * 3},
    "threading__shared_job__parallel": {
        "unit": "s",
        "samples": [0.9] * 3,
        "parameters": {"batches": 64, "workers": 2},
    },
}
VARIANTS = {"_data/systems/ray.toml": SYSTEM + '\n[variants]\nthreading = "</threads>"\n'}


def files(**more):
    return {"_data/measurements/vm-2core/ray.json": measurement(**JOB), **VARIANTS, **more}


def build_page(tmp_path, page=PAGE, builder="html", more=None, **options):
    return build(tmp_path, book(page) | (files() if more is None else more), builder, confoverrides=CONFIG, **options)


def embedded(result, docname="index"):
    return json.loads(BeautifulSoup(result.html(docname), "html.parser").select_one(".cost-calculator-data").string)


def test_every_measured_variant_takes_part(tmp_path):
    result = build_page(tmp_path)
    assert not result.warnings
    data = embedded(result)
    assert [(item["id"], item["name"]) for item in data["systems"]] == [
        ("ray", "Ray"),
        ("ray.threading", "Ray, </threads>"),
    ]
    first = data["systems"][0]["parameters"]
    assert first["latency"] == pytest.approx(0.0005 - first["cost"]) and first["byte_out"] is None
    assert data["systems"][0]["error"] is None and data["systems"][0]["jobs"] == 0
    assert data["defaults"]["workers"] == "2"
    assert data["provenance"].endswith("2026-11-23.")


def test_a_later_system_adds_itself_and_the_page_is_read_again(tmp_path):
    build_page(tmp_path)
    more = files() | {
        "_data/systems/dask.toml": system("dask"),
        "_data/measurements/vm-2core/dask.json": measurement("dask", **JOB),
    }
    ids = [item["id"] for item in embedded(build_page(tmp_path, more=more))["systems"]]
    assert "dask" in ids and "ray" in ids


def test_all_that_take_part_were_measured_on_one_machine(tmp_path):
    more = files() | {
        "_data/systems/dask.toml": system("dask"),
        "_data/measurements/vm-2core/dask.json": measurement("dask", **JOB),
        "_data/measurements/laptop/ray.json": measurement(machine="laptop", **JOB),
        "_data/measurements/reference.txt": "laptop\nvm-2core\n",
    }
    data = embedded(build_page(tmp_path, more=more))
    assert [item["id"] for item in data["systems"]] == ["dask", "ray", "ray.threading"]
    assert "vm-2core" in data["provenance"] and "laptop" not in data["provenance"]


def test_the_table_has_the_model_s_numbers(tmp_path):
    table = BeautifulSoup(build_page(tmp_path).html("index"), "html.parser").select_one("table.measurement-table")
    rows = {row.th.get_text(): [cell.get_text() for cell in row.find_all("td")] for row in table.select("tbody tr")}
    assert rows["Plain loop"][:2] == ["1.0\N{NO-BREAK SPACE}s", "5.0\N{NO-BREAK SPACE}s"]
    assert list(rows) == ["Plain loop", "Ray", "Ray, </threads>"]
    assert re.fullmatch(r"[\d.]+\N{NO-BREAK SPACE}s \(0\.\d+\)", rows["Ray"][0])
    assert rows["Ray, </threads>"] == ["–"] * 4  # its start-up was not measured


def test_paper_gets_the_table_and_a_pointer(tmp_path):
    text = (build_page(tmp_path, builder="text").outdir / "index.txt").read_text("utf8")
    assert "web edition of this" in text and "Predicted times of four" in text and "function" not in text
    assert "web edition" not in build_page(tmp_path / "html").html("index")


def test_the_reader_s_own_machine_stands_beside_the_published_one(tmp_path):
    more = files(**{"own/ray.json": measurement(machine="laptop", scale=0.5, **JOB)})
    config = CONFIG | {"ppm_own_measurements": str(tmp_path / "book" / "own")}
    result = build(tmp_path, book(PAGE) | more, confoverrides=config)
    own = {item["id"]: item for item in embedded(result)["systems"]}["ray@own"]
    assert own["name"] == "Ray (your machine)" and own["parameters"]["latency"] < 0.0005


def test_scripts_are_loaded_where_they_are_used_and_nowhere_else(tmp_path):
    page = PAGE + "\n```{toctree}\nother\n```\n"
    result = build_page(tmp_path, page, more=files(**{"other.md": "# Other\n"}))
    for name in ("cost-model.js", "calculator-input.js", "calculator.js", "calculator.css"):
        assert name in result.html("index") and name not in result.html("other")
        assert (result.outdir / "_static" / name).exists()


def test_without_javascript_a_sentence_says_so(tmp_path):
    assert "needs JavaScript" in BeautifulSoup(build_page(tmp_path).html("index"), "html.parser").noscript.get_text()


@pytest.mark.parametrize(
    ("page", "more", "message"),
    [
        (PAGE, {}, "nothing that was measured on vm-2core has the probes that the cost model is fitted to"),
        (PAGE + "\n```{cost-calculator}\n```\n", None, "a page can hold one calculator"),
        (PAGE.replace(":name: typical", ":machine: moon"), None, "nothing that was measured on moon"),
        (PAGE.replace(":name:", ":nme:"), None, "nme"),
    ],
)
def test_bad_input_is_one_error_with_its_place(tmp_path, page, more, message):
    warnings = build_page(tmp_path, page, more=more).warnings.strip().splitlines()
    assert len(warnings) == 1 and message in warnings[0] and re.search(r"index\.md:\d+: ", warnings[0])


# The JavaScript


def node(script: str) -> object:
    """Run a script under the Node that the book ships and return what it prints, as JSON."""
    done = subprocess.run([node_program(), "-e", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_javascript_model_gives_the_results_of_the_shared_table():
    script = f"""const PpmCostModel = require({json.dumps(str(STATIC / "cost-model.js"))});
    console.log(JSON.stringify(({RUN_CASES})({json.dumps(TABLE)})));"""
    assert wrong_cases(TABLE, node(script)) == {}


INPUTS = [
    ("seconds", "2 ms", 0.002),
    ("seconds", " 2ms ", 0.002),
    ("seconds", "0", 0),
    ("seconds", "0.5 s", 0.5),
    ("seconds", ".5 s", 0.5),
    ("seconds", "1,500 us", 0.0015),
    ("seconds", "15 µs", 15e-6),
    ("seconds", "3 min", 180),
    ("seconds", "2e3 ns", 2e-6),
    ("seconds", "1.5 h", 5400),
    ("seconds", "", "is empty: write for example 2 ms"),
    ("seconds", "2", "“2” has no unit: write for example 2 ms"),
    ("seconds", "-2 ms", "cannot be negative"),
    ("seconds", "2,5 ms", "“2,5 ms” is no number: write 2.5 with a point, and commas only between thousands"),
    ("seconds", "2 MS", "“MS” is no unit here: did you mean ms?"),
    ("seconds", "2 MB", "“MB” is no unit here: known units are ns, us, ms, s, min, h"),
    ("seconds", "fast", "“fast” does not begin with a number: write for example 2 ms"),
    ("seconds", "1e999 s", "“1e999 s” is too large"),
    ("bytes", "10 MB", 1e7),
    ("bytes", "4 KiB", 4096),
    ("bytes", "0 B", 0),
    ("bytes", "10 mb", "“mb” is no unit here: did you mean MB?"),
    ("bytes", "10 constructor", "“constructor” is no unit here: known units are B, kB, MB, GB, KiB, MiB, GiB"),
    ("count", "1,000", 1000),
    ("count", "1e6", 1_000_000),
    ("count", "0", "must be a whole number from 1 up"),
    ("count", "2.5", "must be a whole number from 1 up"),
    ("count", "2 tasks", "“2 tasks” is a number with “tasks” behind it: write the number alone"),
    ("count", "1e12", "cannot be more than 1,000,000,000"),
]


def test_typed_quantities_are_read_strictly():
    script = f"""const Input = require({json.dumps(str(STATIC / "calculator-input.js"))});
    console.log(JSON.stringify({json.dumps([item[:2] for item in INPUTS])}.map(([kind, text]) => {{
      try {{ return Input[kind](text, 1e9); }}
      catch (error) {{ return error instanceof Input.InputError ? error.message : `crash: ${{error}}`; }}
    }})));"""
    found = node(script)
    for (kind, text, wanted), got in zip(INPUTS, found, strict=True):
        assert got == (wanted if isinstance(wanted, str) else pytest.approx(wanted)), (kind, text)


TIMES = [0, 3e-10, 5e-8, 1.5e-5, 9.96e-4, 0.0123, 0.996, 0.994, 1, 99.4, 119, 120, 125, 7000, 7200, 1e5, 2e5, 1e9]


def test_both_languages_write_the_same_times():
    script = f"""const Input = require({json.dumps(str(STATIC / "calculator-input.js"))});
    console.log(JSON.stringify({json.dumps(TIMES)}.map(Input.secondsText)));"""
    assert node(script) == [seconds_text(value) for value in TIMES]


def test_a_link_survives_the_way_there_and_back():
    fields = [["tasks", "1,000"], ["work", "2 µs"], ["systems", "ray,joblib.threading"], ["kind", "a&b=c#d"]]
    script = f"""const Input = require({json.dumps(str(STATIC / "calculator-input.js"))});
    const hash = Input.writeHash({json.dumps(fields)});
    const read = [hash, "#performance-break-even", ""].map(Input.readHash);
    console.log(JSON.stringify([hash, ...read]));"""
    hash_, back, other, empty = node(script)
    assert hash_.startswith("#calculator?tasks=1%2C000") and back == fields
    assert other is None and empty is None


def test_scripts_ask_no_other_host():
    for path in sorted(Path(STATIC).iterdir()):
        assert not re.search(r"https?://|fetch\(|XMLHttpRequest|import\(", path.read_text("utf8")), path.name
