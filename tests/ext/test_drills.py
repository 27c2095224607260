"""Fault drills: a table from one file a system, in minimal books, and bad data as one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from ppm_drills.directive import tell
from register_data import book, system
from sphinx_project import build

from tools import drills

CONFIG = {
    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "ppm_register", "ppm_drills"],
    "bibtex_bibfiles": ["_data/sources/ray.bib"],
    "nitpicky": True,
}
DATA = """\
[[drills]]
id = "ray-memory"
fault = "memory-exhausted"
setting = "threshold 0.5"
effects = [0]
outcome = "`OutOfMemoryError`."
guarantee = "none"
source = "ray-faults"
change = "a higher threshold"
test = "tests/examples/ray/test_drills.py::test_memory"

[[drills]]
id = "ray-worker-killed"
fault = "worker-killed"
setting = "`max_retries=3`, the *default*"
effects = [1, 2]
outcome = "The answer, late."
guarantee = "at least {fact}`ray:max-retries`"
source = "ray-faults"
locator = "Tasks"
change = "`max_retries=0`"
test = "tests/examples/ray/test_drills.py::test_killed"
"""
DASK = """\
[[drills]]
id = "dask-worker-killed"
fault = "worker-killed"
setting = "default"
effects = [2]
outcome = "The answer."
guarantee = "none"
source = "ray-faults"
change = "nothing"
test = "tests/examples/ray/test_drills.py::test_dask"
"""
TESTS = """\
def test_memory():
    assert 0 in read_drill("ray-memory")["effects"]


def test_killed():
    assert 1 in read_drill("ray-worker-killed")["effects"]


def test_dask():
    assert 2 in read_drill("dask-worker-killed")["effects"]
"""
PAGE = """\
# Ray

```{drills} ray
:name: ray-tab-drills
```

```{bibliography}
```
"""
PLACE = "_data/drills/ray.toml"


def show(tmp_path: Path, data: str = DATA, page: str = PAGE, builder: str = "html", **files: str):
    files = {PLACE: data, "../tests/examples/ray/test_drills.py": TESTS} | files
    return build(tmp_path, book(page, **files), builder, confoverrides=CONFIG)


def rows(result, cells: str = "th, td") -> list[list[str]]:
    table = BeautifulSoup(result.html("index"), "html.parser").select_one("table.drills")
    return [[cell.get_text(" ", strip=True) for cell in row.select(cells)] for row in table.select("tbody tr")]


def test_a_system_shows_its_drills_by_fault(tmp_path: Path) -> None:
    result = show(tmp_path)
    assert not result.warnings
    killed, memory = rows(result)
    assert killed[:4] == ["Worker killed", "max_retries=3 , the default", "once or twice", "The answer, late."]
    assert killed[4].startswith("at least 3") and killed[4].endswith(", Tasks")
    assert memory[0] == "Memory exhausted" and memory[2] == "zero"
    caption = BeautifulSoup(result.html("index"), "html.parser").select_one("table.drills caption").get_text()
    assert "Counted by tests/examples/ray/test_drills.py." in caption


def test_one_fault_of_every_system(tmp_path: Path) -> None:
    page = PAGE.replace("} ray\n", "}\n:fault: worker-killed\n")
    files = {"_data/systems/dask.toml": system("dask", order="order"), "_data/drills/dask.toml": DASK}
    result = show(tmp_path, page=page, **files)
    assert not result.warnings
    assert sorted(row[0] for row in rows(result)) == ["Dask", "Ray"]
    assert {row[0]: row[2] for row in rows(result)} == {"Ray": "once or twice", "Dask": "twice"}


def test_the_paper_edition_has_them_too(tmp_path: Path) -> None:
    assert not show(tmp_path, builder="text").warnings


@pytest.mark.parametrize(
    ("effects", "words"),
    [([0], "zero"), ([1], "once"), ([2], "twice"), ([0, 1], "zero or once"), ([1, 2, 3, 4], "once to 4 times")],
)
def test_counts_as_words(effects: list[int], words: str) -> None:
    assert tell(effects) == words


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'source = "ray-faults"\nchange',
            'source = "ray-fault"\nchange',
            f"{PLACE}:8: ERROR: drills.0.source: no source",
        ),
        ('id = "ray-worker-killed"', 'id = "ray-memory"', f"{PLACE}:13: ERROR: drills.1.id: 'ray-memory' stands above"),
        ('id = "ray-worker-killed"', 'id = "dask-killed"', f"{PLACE}:13: ERROR: drills.1.id: 'dask-killed' must start"),
        ("[1, 2]", "[2, 1]", f"{PLACE}:16: ERROR: drills.1.effects: [2, 1] must be in order"),
        ("[1, 2]", "[-1]", f"{PLACE}:16: ERROR: drills.1.effects.0: "),
        ('"worker-killed"', '"worker-kiled"', f"{PLACE}:14: ERROR: drills.1.fault: "),
        ("::test_killed", "::test_kiled", f"{PLACE}:22: ERROR: drills.1.test: no function 'test_kiled'"),
        ("::test_killed", "::test_memory", f"{PLACE}:22: ERROR: drills.1.test: test_memory does not name the drill"),
        ('change = "a higher threshold"\n', "", f"{PLACE}:1: ERROR: key 'change' is missing"),
    ],
)
def test_a_mistake_is_one_error_with_line_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in DATA
    lines = [line for line in show(tmp_path, DATA.replace(old, new, 1)).warnings.splitlines() if "ERROR" in line]
    assert len(lines) == 2 and message in lines[0]
    assert "the data of 'ray' has errors, reported above" in lines[1]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("} rai", "unknown drills 'rai'; did you mean 'ray'?"),
        ("}", "needs a system or a :fault:, and not both"),
        ("} ray\n:fault: worker-killed", "needs a system or a :fault:, and not both"),
    ],
)
def test_a_wrong_call_is_one_error(tmp_path: Path, argument: str, message: str) -> None:
    assert message in show(tmp_path, page=PAGE.replace("} ray", argument, 1)).warnings


def test_drills_of_no_system_are_an_error(tmp_path: Path) -> None:
    result = show(tmp_path, **{"_data/drills/rai.toml": DATA.replace("ray-", "rai-", 1)})
    assert "_data/drills/rai.toml:1: ERROR: no system 'rai'; did you mean 'ray'?" in result.warnings


def test_a_test_reads_what_the_table_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ray.toml").write_text(DATA, "utf8")
    monkeypatch.setattr(drills, "FOLDER", tmp_path)
    assert drills.read_drill("ray-worker-killed")["effects"] == [1, 2]
    with pytest.raises(KeyError, match="no drill 'ray-kiled'"):
        drills.read_drill("ray-kiled")
