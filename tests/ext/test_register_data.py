"""Mistakes in the data of the register: one error each, with file, line and key."""

from __future__ import annotations

import json

import pytest
from ppm_register.load import load
from ppm_register.toml_lines import key_lines, line_of
from register_data import BIB, SYSTEM, book, measurement, system
from sphinx_project import build


@pytest.fixture
def problems(tmp_path):
    """Return a function that writes a register and returns its problems as text, with paths below ``_data``."""

    def read(**files: str) -> list[str]:
        base = {"systems/ray.toml": SYSTEM, "sources/ray.bib": BIB, "measurements/vm-2core/ray.json": measurement()}
        for name, content in (base | files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf8")
        return [str(problem).removeprefix(f"{tmp_path}/") for problem in load(tmp_path).problems]

    return read


def line_in(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_valid_data_has_no_problems(problems):
    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("order = 2", 'order = "2"', "order =", "order: '2' must be of type integer"),
        ("order = 2", "order = 0", "order =", "order: 0 is less than the minimum of 1"),
        ("order = 2", "oder = 2", "oder =", "unknown key 'oder'; did you mean 'order'?"),
        ('license = "Apache-2.0"\n', "", "id =", "key 'license' is missing"),
        ("distributed-computing-frameworks", "distributed", "part =", "part: unknown part 'distributed'"),
        ("2026-10-01", '"October"', "released =", "released: 'October' is not a date (YYYY-MM-DD)"),
        ("2026-10-01", "2026-10-01T10:00:00", "released =", "is not a date (YYYY-MM-DD)"),
        ('"https://docs.ray.io/"', '"docs.ray.io"', "homepage =", "'docs.ray.io' does not match"),
        ('aliases = ["Ray"]', "aliases = []", "aliases =", "aliases: [] should be non-empty"),
        ('runs-on = "one machine or a cluster"', "runs-on = 1", "runs-on =", "card.runs-on: 1 must be of type string"),
        ('runs-on = "one machine or a cluster"\n', "", "[card]", "key 'runs-on' is missing in [card]"),
        ("value = 3", "valeu = 3", "valeu =", "unknown key 'facts.max-retries.valeu'; did you mean 'value'?"),
        (
            "value = 3",
            "value = [3]",
            "value =",
            "facts.max-retries.value: [3] must be of type number or string or boolean",
        ),
        ('source = "ray-faults"\n', "", "[facts.max-retries]", "key 'source' is missing in [facts.max-retries]"),
        (
            '"ray-faults"',
            '"ray-fault"',
            "source =",
            "no source 'ray-fault' in _data/sources/*.bib; did you mean 'ray-faults'?",
        ),
        ('reason = "the documentation names no limit"\n', "", "[facts.max-nodes]", "key 'reason' is missing"),
        ("[facts.max-retries]", "[facts.Max_Retries]", "[facts", "'Max_Retries' does not match"),
        (
            "checked = 2026-11-23",
            "checked = true",
            "checked =",
            "facts.max-retries.checked: True must be of type string",
        ),
    ],
)
def test_a_mistake_in_a_system_file(problems, old, new, where, message):
    assert old in SYSTEM
    text = SYSTEM.replace(old, new, 1)
    found = problems(**{"systems/ray.toml": text})
    assert any(
        problem.startswith(f"systems/ray.toml:{line_in(text, where)}: ") and message in problem for problem in found
    ), found


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("order = 2", "order = ", 4), ('license = "Apache-2.0"', "license = Apache", 8), ("[card]", "[card", 14)],
)
def test_malformed_toml(problems, old, new, line):
    [problem] = problems(**{"systems/ray.toml": SYSTEM.replace(old, new)})
    assert problem.startswith(f"systems/ray.toml:{line}: ")
    assert "(at line" not in problem


def test_toml_that_ends_too_soon_and_that_is_not_text(problems, tmp_path):
    [problem] = problems(**{"systems/ray.toml": 'id = "ray"\nx = ["a",\n'})
    assert problem.startswith("systems/ray.toml:2: ")
    (tmp_path / "systems" / "ray.toml").write_bytes(b'id = "\xff"')
    assert [str(problem) for problem in load(tmp_path).problems] == [
        f"{tmp_path}/systems/ray.toml:1: not UTF-8: invalid start byte at byte 6"
    ]


def test_duplicate_id(problems):
    [problem] = problems(**{"systems/zebra.toml": system("ray")})
    assert problem == "systems/zebra.toml:1: duplicate id 'ray', also in ray.toml"


def test_id_and_file_name(problems):
    [problem] = problems(**{"systems/dask.toml": system("desk")})
    assert problem == "systems/dask.toml:1: id 'desk' must be the file's name, 'dask'"


def test_broken_bibliography(problems):
    found = problems(**{"sources/dask.bib": "@misc{a,\n  title = {A},\n  year 2026,\n}\n"})
    assert found[0].startswith("sources/dask.bib:3: ")


def changed(**changes) -> str:
    return json.dumps(json.loads(measurement()) | changes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"schema": 1,\n "system" "ray"}', "ray.json:2: Expecting ':' delimiter"),
        (changed(schema=3), "schema: 2 was expected"),
        (changed(sytem="ray"), "unknown key 'sytem'; did you mean 'system' or 'schema'?"),
        (changed(system="dask"), "system 'dask' must be the file's name, 'ray'"),
        (
            changed(probes={"task_cost.stream": {"unit": "s", "samples": []}}),
            "probes.task_cost.stream.samples: [] should be non-empty",
        ),
        (changed(probes={"a": {"unit": "s", "samples": ["1"]}}), "probes.a.samples.0: '1' must be of type number"),
        (changed(probes={"a": {"unit": "s", "samples": [1], "median": 1}}), "unknown key 'probes.a.median'"),
        (changed(date="today"), "'today' does not match"),
        (changed(machine={"id": "vm-2core"}), "key 'cpu' is missing in [machine]"),
    ],
)
def test_a_mistake_in_a_measurement(problems, text, message):
    found = problems(**{"measurements/vm-2core/ray.json": text})
    assert any(message in problem for problem in found), found
    assert all(problem.startswith("measurements/vm-2core/ray.json:") for problem in found)


def test_a_mistake_in_a_measurement_has_its_line(problems):
    text = measurement().replace('"unit": "B"', '"unit": 1')
    [problem] = problems(**{"measurements/vm-2core/ray.json": text})
    line = line_in(text, '"unit": 1')
    assert problem == f"measurements/vm-2core/ray.json:{line}: probes.memory.loaded.unit: 1 must be of type string"


def test_measurement_in_the_wrong_place(problems):
    found = problems(
        **{
            "measurements/laptop/ray.json": measurement(),
            "measurements/vm-2core/desk.json": measurement("desk"),
            "measurements/reference.txt": "vm-2core\n",
        }
    )
    assert found == [
        "measurements/laptop/ray.json:1: machine.id 'vm-2core' must be the folder's name, 'laptop'",
        "measurements/vm-2core/desk.json:1: no system 'desk' in _data/systems or _data/measured; there are ray",
    ]


def test_reference_machine(problems, tmp_path):
    laptop = {"measurements/laptop/ray.json": measurement(machine="laptop")}
    assert problems(**laptop) == ["measurements/reference.txt:1: several machines, and no reference.txt that names one"]
    [problem] = problems(**laptop, **{"measurements/reference.txt": "desktop"})
    assert problem.startswith("measurements/reference.txt:1: no machine 'desktop'")
    assert problems(**laptop, **{"measurements/reference.txt": "laptop\n"}) == []
    assert load(tmp_path).measurement("ray").machine == "laptop"
    assert load(tmp_path).measurement("ray", "vm-2core").machine == "vm-2core"
    [problem] = problems(**laptop, **{"measurements/reference.txt": "laptop\ndesktop\n"})
    assert problem.startswith("measurements/reference.txt:2: no machine 'desktop'")
    assert problems(**laptop, **{"measurements/reference.txt": "laptop\nvm-2core\n"}) == []
    assert load(tmp_path).measurement("ray").machine == "laptop"


def test_a_system_that_the_first_reference_machine_did_not_measure_is_taken_from_the_next(problems, tmp_path):
    files = {
        "systems/dask.toml": system("dask"),
        "measurements/laptop/dask.json": measurement("dask", machine="laptop"),
        "measurements/reference.txt": "laptop\nvm-2core\n",
    }
    assert problems(**files) == []
    assert [load(tmp_path).measurement(name).machine for name in ("dask", "ray")] == ["laptop", "vm-2core"]


def test_a_broken_file_hides_no_other(tmp_path):
    page = "# P\n\n{fact}`dask:a` {measured}`ray:memory.loaded`\n"
    result = build(
        tmp_path,
        book(page, **{"_data/systems/dask.toml": "id = \n"}),
        confoverrides={"extensions": ["myst_parser", "ppm_register"]},
    )
    first, second = result.warnings.splitlines()
    assert "_data/systems/dask.toml:1: ERROR: " in first
    assert "index.md:3: ERROR: {fact}`dask:a`: the data of system 'dask' has errors, reported above" in second
    assert "90.0" in result.html("index")
    assert "Traceback" not in result.warnings


def test_lines_of_keys():
    text = 'a = 1\nb.c = 2\n"d e" = """\nf = 3\n"""\n[g.h]\n  i = 4 # j = 5\n[[k]]\nl = 6\n'
    lines = key_lines(text)
    assert lines == {
        ("a",): 1,
        ("b",): 2,
        ("b", "c"): 2,
        ("d e",): 3,
        ("g", "h"): 6,
        ("g", "h", "i"): 7,
        ("k",): 8,
        ("k", "l"): 9,
    }
    assert line_of(lines, ["g", "h", "missing"]) == 6
    assert line_of(lines, ["nothing"]) == 1
