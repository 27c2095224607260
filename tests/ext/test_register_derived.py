"""What is measured without a chapter, what follows from measurements, noise, and the reader's own measurements."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup
from ppm_register import derived
from ppm_register.drawing.curves import Curve
from register_data import book, invented, result, subject, system
from sphinx_project import build

CONFIG = {"extensions": ["myst_parser", "ppm_register"], "numfig": True}
NBSP = "\N{NO-BREAK SPACE}"
PART = "performance-analysis"


@pytest.fixture(autouse=True)
def kept(tmp_path_factory, monkeypatch):
    """Derive once for all tests: the analysis takes most of their time."""
    shared = tmp_path_factory.getbasetemp() / "derived"
    monkeypatch.setattr(derived, "keep_in", lambda folder: None)
    monkeypatch.setattr(derived, "_folder", shared)


def files_of(page: str) -> dict[str, str]:
    """A book of three: a system, a second one with a variant, and a subject whose tasks cost next to nothing."""
    dask = system("dask") + '\n[variants]\ndefault = "distributed"\nthreads = "threads"\n'
    return book(
        f"# Page\n\n{page}\n",
        **{
            "_data/systems/dask.toml": dask.replace("order = 2", "order = 1"),
            "_data/measured/baseline.toml": subject("baseline"),
            "_data/measured/synthetic.toml": subject("synthetic", 9) + "compared = false\n",
            "_data/measurements/vm-2core/ray.json": result("ray", invented(3e-4)),
            "_data/measurements/vm-2core/dask.json": result("dask", invented(2e-4) | invented(2e-5, prefix="threads.")),
            "_data/measurements/vm-2core/baseline.json": result("baseline", invented(2e-6)),
            "_data/measurements/vm-2core/synthetic.json": result("synthetic", invented(1e-3)),
        },
    )


def build_page(tmp_path, page, files=None, own=None, **options):
    config = dict(CONFIG)
    if own:
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        for name, text in own.items():
            (folder / name).write_text(text, "utf8")
        config["ppm_own_measurements"] = str(folder)
    return build(tmp_path, files_of(page) | (files or {}), confoverrides=config, **options)


def soup(built, docname="index"):
    return BeautifulSoup(built.html(docname), "html.parser")


def shown(built, docname="index"):
    return [
        (
            value.select_one(".measured, .claim").get_text().replace(NBSP, " "),
            value.select_one("[role=tooltip]").get_text().replace(NBSP, " "),
        )
        for value in soup(built, docname).select(".register-value")
    ]


def cells(built, docname="index"):
    [table] = soup(built, docname).select("table")
    for note in table.select("[role=tooltip], .headerlink"):
        note.extract()
    rows = [[cell.get_text().strip().replace(NBSP, " ") for cell in row.select("th, td")] for row in table.select("tr")]
    return table.select_one("caption").get_text().replace(NBSP, " "), rows


def directive(name, **options):
    return "\n".join([f"```{{{name}}}", *(f":{key}: {value}" for key, value in options.items()), "```"])


def plot(**options):
    return directive("measurement-plot", **({"alt": "What it shows.", "systems": "measured"} | options))


def table(**options):
    return directive("measurement-table", **({"systems": "measured"} | options))


# What has no chapter


def test_a_subject_is_measured_like_a_system(tmp_path):
    built = build_page(
        tmp_path,
        "{measured}`baseline:task_cost.stream` {claim}`less <baseline:task_cost.stream < ray:task_cost.stream>`",
    )
    assert not built.warnings
    assert [text for text, _ in shown(built)][1] == "less"


def test_a_subject_has_no_facts_and_no_card(tmp_path):
    built = build_page(tmp_path, "{fact}`baseline:max-retries`\n\n```{system-card} baseline\n```")
    assert built.warnings.count("'baseline' is measured, but has no chapter and no facts") == 2


def test_a_subject_that_is_a_system_too_is_one_error(tmp_path):
    built = build_page(tmp_path, "Text.", {"_data/measured/ray.toml": subject("ray")})
    [line] = built.warnings.splitlines()
    assert "_data/measured/ray.toml:1: ERROR: 'ray' has a chapter: [variants] and [probes] belong to systems/" in line


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("order = 1", "oder = 1", "unknown key 'oder'; did you mean 'order'?"),
        ('distribution = "stdlib"\n', "", "key 'distribution' is missing"),
        ('id = "baseline"', 'id = "base"', "id 'base' must be the file's name, 'baseline'"),
        ("order = 1", "order = ", "Invalid value"),
    ],
)
def test_a_mistake_in_a_subject(tmp_path, old, new, message):
    built = build_page(tmp_path, "Text.", {"_data/measured/baseline.toml": subject("baseline").replace(old, new)})
    assert "_data/measured/baseline.toml:" in built.warnings
    assert message in built.warnings
    assert "Traceback" not in built.warnings


def test_measured_stands_for_every_one_that_is_compared(tmp_path):
    _, rows = cells(build_page(tmp_path, table(probes="task_cost.stream")))
    assert [row[0] for row in rows[1:]] == ["Baseline", "Dask, distributed", "Ray"]


def test_a_later_system_adds_itself(tmp_path):
    page = table(probes="task_cost.stream")
    build_page(tmp_path, page)
    more = {
        "_data/systems/celery.toml": system("celery"),
        "_data/measurements/vm-2core/celery.json": result("celery", invented(1e-3)),
    }
    _, rows = cells(build(tmp_path, more, confoverrides=CONFIG))
    assert [row[0] for row in rows[1:]] == ["Baseline", "Dask, distributed", "Celery", "Ray"]


@pytest.mark.parametrize(
    ("variants", "names"),
    [
        ("all", ["Baseline", "Dask, distributed", "Dask, threads", "Ray"]),
        ("default", ["Baseline", "Dask, distributed", "Ray"]),
    ],
)
def test_variants(tmp_path, variants, names):
    _, rows = cells(build_page(tmp_path, table(probes="*task_cost.stream", variants=variants)))
    assert [row[0] for row in rows[1:]] == names


# What follows from measurements


def test_a_derived_quantity_with_its_interval(tmp_path):
    built = build_page(tmp_path, "{measured}`ray:metg.independent` {measured}`ray:metg.independent low in us`")
    assert not built.warnings
    (value, note), (low, low_note) = shown(built)
    assert re.fullmatch(r"1\.\d+ ms", value)
    assert re.search(r"95 % interval [\d.]+–[\d.]+ ms, from \d+ points\. .*Machine vm-2core", note)
    assert re.fullmatch(r"[\d,]+ µs", low)
    assert low_note.count("Lower end of the 95 % interval") == 1


def test_a_bound_says_so_and_cannot_be_compared(tmp_path):
    probes = {name: probe for name, probe in invented(2e-6).items() if not re.search(r"metg.*\.(4|8|16)us", name)}
    more = {"_data/measurements/vm-2core/baseline.json": result("baseline", probes)}
    page = "{measured}`baseline:metg.independent` {claim}`less <baseline:metg.independent < ray:metg.independent>`"
    built = build_page(tmp_path, page, more)
    assert shown(built)[0][0].startswith("below ")
    [line] = built.warnings.splitlines()
    assert "a bound cannot be compared: metg.independent has no value: below" in line


def test_the_bound_itself_can_be_compared(tmp_path):
    probes = {name: probe for name, probe in invented(2e-6).items() if not re.search(r"metg.*\.(4|8|16)us", name)}
    more = {"_data/measurements/vm-2core/baseline.json": result("baseline", probes)}
    page = "{claim}`less <baseline:metg.independent high < ray:metg.independent low>`"
    assert not build_page(tmp_path, page, more).warnings


def test_a_statistic_that_a_derived_quantity_does_not_have(tmp_path):
    built = build_page(tmp_path, "{measured}`ray:metg.independent p95` {measured}`ray:task_cost.stream low`")
    first, second = built.warnings.splitlines()
    assert "'metg.independent' follows from measurements: it has value, low, high" in first
    assert "there are median, p5" in second


def test_a_table_of_derived_quantities(tmp_path):
    caption, rows = cells(build_page(tmp_path, table(probes="metg.independent")))
    assert "Value with its 95 % interval." in caption
    assert rows[0] == ["System", "Value", "95 % interval", "From points"]
    assert all(re.match(r"[\d.]+–[\d.]+ [µm]s", row[2]) for row in rows[1:])


def test_a_pattern_takes_what_is_measured_before_what_follows_from_it(tmp_path):
    _, rows = cells(build_page(tmp_path, table(systems="ray", probes="payload.in.*")))
    assert rows[0][1] == "Median"
    assert len(rows) == 1 + 6
    _, rows = cells(build_page(tmp_path, table(systems="ray", probes="payload.*.bandwidth")))
    assert rows[0][1] == "Value"
    assert rows[1][0] == "Bandwidth, data sent"


def test_what_was_derived_is_kept(tmp_path, monkeypatch):
    probes = invented(3e-4)
    monkeypatch.setattr(derived, "_folder", tmp_path / "kept")
    first = derived.derive(probes)
    assert len(list((tmp_path / "kept").iterdir())) == 1
    monkeypatch.setattr(derived, "_compute", lambda _: pytest.fail("derived again"))
    assert derived.derive(probes) == first


def test_a_file_from_which_nothing_can_be_derived_is_one_error(tmp_path):
    probes = invented(3e-4)
    probes["task_cost.stream"]["samples"][0] = -1.0
    more = {"_data/measurements/vm-2core/ray.json": result("ray", probes)}
    built = build_page(tmp_path, "{measured}`ray:metg.independent`", more)
    [line] = built.warnings.splitlines()
    assert "ray.json: nothing can be derived: probe 'task_cost.stream'" in line


# Noise


def test_noise_is_marked(tmp_path):
    probes = invented(3e-4)
    for name in ("task_cost.stream", "metg.independent.64us"):
        probes.setdefault(name, probes["metg.independent.256us"])["noise"] = {"canary": 0.4, "marked": True}
    more = {"_data/measurements/vm-2core/ray.json": result("ray", probes)}
    page = "{measured}`ray:task_cost.stream` {measured}`ray:metg.independent`\n\n" + table(probes="task_cost.stream")
    built = build_page(tmp_path, page, more)
    assert all("† Noisy: " in note for _, note in shown(built))
    caption, rows = cells(built)
    assert "†: noisy" in caption
    assert [row[1].endswith("†") for row in rows[1:]] == [False, False, True]


# The reader's own


OWN = {"ray.json": result("ray", invented(6e-4), "laptop"), "elsewhere.json": "{}"}


def test_own_measurements_stand_in_notes(tmp_path):
    claim = "{claim}`less <ray:task_cost.stream < 0.0005>`"
    page = f"{{measured}}`ray:task_cost.stream` {claim} {{measured}}`dask:task_cost.stream`"
    built = build_page(tmp_path, page, own=OWN)
    assert not built.warnings
    notes = [note for _, note in shown(built)]
    assert re.search(r"On your machine: [\d.]+ µs \(.*\), laptop \(AMD EPYC, 2 cores\), 2026-11-23\.$", notes[0])
    assert "On your machine it does not hold" in notes[1]
    assert "your machine" not in notes[2]


def test_own_measurements_stand_in_tables(tmp_path):
    caption, rows = cells(build_page(tmp_path, table(probes="task_cost.stream"), own=OWN))
    assert "Yours: laptop (AMD EPYC, 2 cores)" in caption
    assert rows[0][-1] == "Yours"
    assert [row[-1] == "–" for row in rows[1:]] == [True, True, False]
    _, rows = cells(build_page(tmp_path, table(probes="task_cost.stream, memory.idle"), own=OWN))
    assert [row[0] for row in rows[1:]] == ["Baseline", "Dask, distributed", "Ray", "Ray (yours)"]


@pytest.mark.parametrize(
    ("kind", "probes"),
    [
        ("metg", "metg.independent.*"),
        ("scaling", "scaling.wait.strong.*"),
        ("payload", "payload.in.*"),
        ("bars", "task_cost.stream"),
        ("distribution", "task_cost.roundtrip"),
    ],
)
def test_own_measurements_stand_in_plots(tmp_path, kind, probes):
    built = build_page(tmp_path, plot(kind=kind, probes=probes), own=OWN)
    assert not built.warnings
    caption = soup(built).select_one("figcaption").get_text()
    assert "are yours" in caption and "Yours: laptop" in caption
    doctree = built.app.env.get_doctree("index")
    [figure] = [node for node in doctree.findall() if node.tagname == "figure"]
    assert len(figure["probes"]) == len(set(figure["probes"]))


def test_a_notice_on_the_pages_of_the_part_alone(tmp_path):
    files = {f"{PART}/method.md": "---\norphan: true\n---\n# Method\n\nText.\n"}
    built = build_page(tmp_path, "Text.", files, own=OWN)
    assert soup(built, f"{PART}/method").select_one(".own-measurements")
    assert not soup(built).select_one(".own-measurements")


def test_without_own_measurements_nothing_is_yours(tmp_path):
    files = {f"{PART}/method.md": "---\norphan: true\n---\n# Method\n\nText.\n"}
    built = build_page(tmp_path, table(probes="task_cost.stream"), files)
    assert "yours" not in (built.html("index") + built.html(f"{PART}/method")).lower()


def test_own_measurements_that_are_not_there(tmp_path):
    config = CONFIG | {"ppm_own_measurements": str(tmp_path / "nowhere")}
    built = build(tmp_path, files_of("Text."), confoverrides=config)
    [line] = built.warnings.splitlines()
    assert "nowhere:1: ERROR: ppm_own_measurements: no measurements (*.json) in this folder" in line


def test_a_mistake_in_own_measurements(tmp_path):
    data = json.loads(OWN["ray.json"])
    del data["machine"]["cpu"]
    built = build_page(tmp_path, "Text.", own={"ray.json": json.dumps(data)})
    [line] = built.warnings.splitlines()
    assert "own/ray.json:" in line and "key 'cpu' is missing in [machine]" in line


# Plots of experiments


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "metg", "probes": "metg.independent.*", "variants": "all"}, "METG(50 %)"),
        ({"kind": "scaling", "probes": "scaling.wait.strong.*"}, "the USL"),
        ({"kind": "scaling", "probes": "scaling.cpu.strong.*"}, "law, fitted to the filled dots"),
        ({"kind": "scaling", "probes": "scaling.cpu.weak.*"}, "ideal"),
        ({"kind": "payload", "probes": "payload.in.*, payload.shared.*"}, "Medians"),
        ({"kind": "bars", "probes": "metg.independent", "axis": "log"}, "Dots are values"),
        ({"kind": "bars", "probes": "scaling.cpu.amdahl"}, "Bars are values"),
        ({"kind": "distribution", "probes": "task_cost.roundtrip", "variants": "all"}, "Boxes hold"),
    ],
)
def test_a_plot_of_many_systems(tmp_path, options, words):
    built = build_page(tmp_path, plot(**options))
    assert not built.warnings
    assert words in soup(built).select_one("figcaption").get_text().replace(NBSP, " ")
    assert len(list((built.outdir / "_images").glob("*.svg"))) == 2


def test_more_curves_than_fit_one_pair_of_axes_are_spread(tmp_path):
    more = {}
    for number in range(9):
        more[f"_data/measured/s{number}.toml"] = subject(f"s{number}", 10 + number)
        more[f"_data/measurements/vm-2core/s{number}.json"] = result(f"s{number}", invented(1e-4 * (number + 1)))
    built = build_page(tmp_path, plot(kind="metg", probes="metg.independent.*"), more)
    assert not built.warnings
    [picture] = (built.outdir / "_images").glob("metg-light*.svg")
    assert len(re.findall(r'id="axes_\d+"', picture.read_text("utf8"))) == 4  # two times axes and key


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "metg", "probes": "task_cost.*"}, "is no point of a sweep"),
        ({"kind": "scaling", "probes": "metg.independent.*"}, "is no point of a scaling experiment"),
        ({"kind": "scaling", "probes": "scaling.cpu.weak.2"}, "or a point with one worker"),
        ({"kind": "distribution", "probes": "metg.independent"}, "follows from measurements: only a table, or bars"),
        ({"kind": "bars", "probes": "nothing.*"}, "no probe matches 'nothing.*' in any system"),
        ({"kind": "bars", "probes": "task_cost.stream", "systems": "measured, ray"}, "name no other beside it"),
        ({"kind": "bars", "probes": "task_cost.stream", "axis": "cube"}, "axis"),
        ({"kind": "bars", "probes": "task_cost.stream", "variants": "some"}, "variants"),
    ],
)
def test_a_plot_that_cannot_be(tmp_path, options, message):
    built = build_page(tmp_path, plot(**options))
    assert message in built.warnings
    assert "Traceback" not in built.warnings


@pytest.mark.parametrize(
    ("label", "more", "lines"),
    [
        ("Ray", "1.3 ms (1.1–1.4)", ["Ray"]),
        ("multiprocessing, Pool.map, chunksize=1", "180 µs", ["multiprocessing, Pool.map, chunksize=1", ""]),
        (
            "a name of many words that fills more than a row",
            "1 s",
            ["a name of many words that fills more than", "a row"],
        ),
    ],
)
def test_long_names_break_in_the_key(label, more, lines):
    assert Curve(label, [1.0], [1.0], more).lines == lines
