"""The parts of the book belong together: see ``tools/structure.py`` for what each check holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools import structure
from tools.systems import ROOT


@pytest.mark.parametrize("check", structure.CHECKS.values(), ids=structure.CHECKS)
def test_structure(check) -> None:
    problems = check()
    assert not problems, "\n" + "\n".join(problems)


def test_every_system_has_a_tox_environment() -> None:
    pytest.importorskip("tox")
    # A tox that runs this test has set variables that an inner one must not take for its own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOX")}
    command = [sys.executable, "-m", "tox", "list", "--no-desc", "-q"]
    run = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True)
    assert run.returncode == 0, run.stderr
    problems = structure.check_environments(set(run.stdout.split()))
    assert not problems, "\n" + "\n".join(problems)


def test_citation_file_is_complete() -> None:
    """The keys that the Citation File Format 1.2.0 requires, of the types that it requires."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in ("software", "dataset")
    book = citation["preferred-citation"]
    assert book["type"] == "book"
    for work in (citation, book):
        assert isinstance(work["title"], str) and work["title"]
        assert work["authors"] and all(isinstance(author["name"], str) for author in work["authors"])
    for text in (citation["message"], citation["version"], book["edition"]):
        assert isinstance(text, str)  # an unquoted 2026.11 is a number, and 2026.10 would lose its zero
    assert isinstance(book["year"], int) and book["edition"].startswith(str(book["year"]))


# The checks find what they look for, in a book of one system that is right but for one thing.

PAGE = """(ray)=
# Ray

```{{literalinclude}} ../../examples/ray/trap_one.py
:start-after: "# region fix"
:end-before: "# endregion fix"
```

```{{literalinclude}} ../../examples/ray/trap_two.py
```

```{{uml}} ../../diagrams/ray/architecture.puml
```

```python
>>> from examples.ray import trap_one, trap_two
>>> from examples.workload.inspection import summarise
```

{sections}
"""
SECTIONS = "\n\n".join(f"({criterion.label('ray')})=\n## {criterion.title}" for criterion in structure.CRITERIA)
SYSTEM = 'id = "ray"\nname = "Ray"\npart = "clusters"\ndistribution = "ray"\nversion = "2.60.0"\n'
RECORD = '{"version": "2.60.0", "pages": {"book/clusters/ray.md": {"ray": {"passed": 1, "skipped": []}}}}'
MEASURED = {"book/_data/measured/plain-pool.toml": 'id = "plain-pool"\nname = "P"\ndistribution = "stdlib"\n'}
PAGED = {name: text + 'part = "part"\n' for name, text in MEASURED.items()}
PAGED |= {"examples/plain_pool/measure.py": "", "tests/examples/plain_pool/engine.py": ""}
FILES = {
    "book/clusters/ray.md": PAGE.format(sections=SECTIONS),
    "book/clusters/index.md": "(clusters)=\n# Clusters\n",
    "book/_data/systems/ray.toml": SYSTEM,
    "book/_data/schema/system.json": '{"properties": {"part": {"enum": ["clusters"]}}}',
    "book/_data/evidence/ray.json": RECORD,
    "examples/ray/__init__.py": "",
    "examples/ray/trap_one.py": "# region fix\nx = 1\n# endregion fix\n",
    "examples/ray/trap_two.py": "from examples.ray import help_traps\n",
    "examples/ray/help_traps.py": "x = 1\n",
    "examples/ray/measure.py": "x = 1\n",
    "examples/workload/inspection.py": "",
    "tests/examples/ray/engine.py": "",
    "diagrams/ray/architecture.puml": "",
    "pyproject.toml": '[project]\nversion = "2026.11"\n[dependency-groups]\nray = []\nbook = []\n',
    "CITATION.cff": 'version: "2026.11"\n',
}


def write(root: Path, files: dict[str, str | None]) -> None:
    """Write FILES as *files* change them; None leaves a file out."""
    for name, text in (FILES | files).items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf8")


def page(old: str, new: str) -> dict[str, str]:
    """The page with one thing changed."""
    assert old in FILES["book/clusters/ray.md"]
    return {"book/clusters/ray.md": FILES["book/clusters/ray.md"].replace(old, new, 1)}


def test_a_right_book_has_no_problems(tmp_path: Path) -> None:
    write(tmp_path, {})
    assert {name: problems for name, check in structure.CHECKS.items() if (problems := check(tmp_path))} == {}


@pytest.mark.parametrize(
    ("check", "files", "message"),
    [
        ("parts", {"book/clusters/ray.md": None}, "ray.toml:1: system 'ray' has no book/clusters/ray.md"),
        (
            "parts",
            {"tests/examples/ray/engine.py": None},
            "ray.toml:1: system 'ray' has no tests/examples/ray/engine.py",
        ),
        ("parts", {"diagrams/ray/architecture.puml": None, "diagrams/x": ""}, "system 'ray' has no diagrams/ray"),
        (
            "parts",
            {"pyproject.toml": "[dependency-groups]\n"},
            "system 'ray' has no dependency group in pyproject.toml",
        ),
        (
            "orphans",
            {"book/clusters/dask.md": "# Dask\n"},
            "book/clusters/dask.md:1: a page of a part, but no system 'dask'",
        ),
        (
            "orphans",
            {
                "book/clusters/index.md": "# Clusters\n\n```{toctree}\npatterns\n```\n",
                "book/clusters/patterns.md": "# Patterns\n",
                "book/_data/sources/patterns.bib": "",
                "examples/patterns/x.py": "",
            },
            None,
        ),
        ("orphans", {"examples/dask/x.py": ""}, "examples/dask:1: no system 'dask'"),
        ("orphans", {"tests/examples/dask/x.py": ""}, "tests/examples/dask:1: no system 'dask'"),
        ("orphans", {"diagrams/dask/x.puml": ""}, "diagrams/dask:1: no system 'dask'"),
        ("orphans", {"pyproject.toml": "[dependency-groups]\ndask = []\n"}, "pyproject.toml:2: no system 'dask'"),
        ("orphans", {"book/_data/sources/dask.bib": ""}, "book/_data/sources/dask.bib:1: no system 'dask'"),
        ("orphans", {"book/_data/sources/performance.bib": ""}, None),
        ("orphans", {"book/_data/sources/clusters.bib": "", "book/_data/sources/clusters-laws.bib": ""}, None),
        ("orphans", {"examples/clusters/x.py": "", "tests/examples/general/test_x.py": ""}, None),
        ("orphans", {"examples/patterns/x.py": "", "book/analysis/patterns.md": "# P\n"}, None),
        ("orphans", {"book/_data/sources/trust.bib": "", "book/analysis/trust.md": "# T\n"}, None),
        ("orphans", {"book/_data/measurements/pc/dask.json": ""}, "pc/dask.json:1: no 'dask' in book/_data/systems or"),
        (
            "orphans",
            MEASURED
            | {
                "examples/plain_pool/measure.py": "",
                "tests/examples/plain_pool/test_x.py": "",
                "book/_data/measurements/pc/plain-pool.json": "",
                "pyproject.toml": "[dependency-groups]\nray = []\nplain-pool = []\n",
            },
            None,
        ),
        ("measured", MEASURED, "measured/plain-pool.toml:1: 'plain-pool' has no examples/plain_pool/measure.py"),
        ("measured", PAGED, "measured/plain-pool.toml:1: 'plain-pool' has no book/part/plain-pool.md"),
        (
            "measured",
            {"book/_data/measured/ray.toml": SYSTEM},
            "measured/ray.toml:1: 'ray' has a chapter: [variants] and [probes] belong to systems/ray.toml",
        ),
        (
            "examples_used",
            {"examples/ray/measure.py": "from examples.ray import pool\n", "examples/ray/pool.py": ""},
            None,
        ),
        (
            "criteria",
            page("## Scalability", "## Scale"),
            "ray.md:27: section 'Scale' stands where 'Scalability' belongs",
        ),
        (
            "criteria",
            page("(ray-scalability)=\n", ""),
            "ray.md:26: section 'Scalability' needs the label (ray-scalability)=",
        ),
        ("criteria", page("(ray-use-case-fit)=\n## Use case fit", ""), "ray.md:1: section 'Use case fit' is missing"),
        ("criteria", page("(ray)=\n", ""), "ray.md:1: the page starts with (ray)= and its title"),
        (
            "labels",
            page("## Overview", "## Overview\n\n(more)=\n### More"),
            "ray.md:24: label 'more' must start with 'ray-'",
        ),
        (
            "diagrams",
            page("{uml} ../../diagrams/ray/", "{uml} ../../diagrams/dask/"),
            "ray.md:1: the page shows no diagram",
        ),
        (
            "shared_job",
            page(">>> from examples.workload.inspection import summarise\n", ""),
            "ray.md:1: no example runs",
        ),
        ("traps", {"examples/ray/trap_two.py": None}, "ray.md:1: 1 of at least 2 traps"),
        (
            "traps",
            {"examples/ray/trap_three.py": ""},
            "examples/ray/trap_three.py:1: the trap is not shown on book/clusters",
        ),
        ("examples_used", {"examples/ray/send_closure.py": ""}, "examples/ray/send_closure.py:1: unused example"),
        (
            "examples_used",
            page(", trap_two", "") | {"examples/ray/help_traps.py": None},
            "examples/ray/trap_two.py:1: shown but never run",
        ),
        (
            "examples_used",
            {"examples/ray/run_script.py": "", "tests/examples/ray/test_x.py": "run('run_script.py')"},
            None,
        ),
        (
            "examples_used",
            {"examples/ray/a.py": "", "tests/examples/ray/engine.py": '"""Not a.py."""\n'},
            "examples/ray/a.py:1: unused example",
        ),
        ("regions", {"examples/ray/help_traps.py": "# region a\n"}, "help_traps.py:1: region 'a' is never closed"),
        (
            "regions",
            {"examples/ray/help_traps.py": "# endregion a\n"},
            "help_traps.py:1: region 'a' ends here, but does not",
        ),
        (
            "regions",
            {"examples/ray/help_traps.py": "# region a\n# endregion a\n" * 2},
            "py:3: region 'a' starts a second time",
        ),
        ("shown_regions", {"examples/ray/trap_one.py": "# region fixes\n# endregion fix\n"}, None),
        (
            "shown_regions",
            {"examples/ray/trap_one.py": "# endregion fix\n"},
            "ray.md:4: 0 lines of trap_one.py contain '# region fix'",
        ),
        (
            "shown_regions",
            {"examples/ray/trap_one.py": "# region fix\n# region fix 2\n# endregion fix\n"},
            "ray.md:4: 2 lines of trap_one.py contain '# region fix'",
        ),
        (
            "shown_regions",
            page(':end-before: "# endregion fix"\n', ""),
            "ray.md:4: trap_one.py: start-after and end-before",
        ),
        ("shown_regions", page('"# region fix"', "# region fix"), "ray.md:4: start-after is empty: quote a value that"),
        ("shown_regions", page("trap_two.py", "trap_six.py"), "ray.md:9: no file ../../examples/ray/trap_six.py"),
        ("words", page("## Overview", "## Overview\n\nIt is\nsimply fast."), "ray.md:24: 'simply': say a version"),
        ("words", page("## Overview", "## Overview\n\nThe least recently used result goes."), None),
        ("words", page("## Overview", "## Overview\n\nThe option `modern` exists."), None),
        (
            "records",
            {"book/_data/evidence/ray.json": None},
            "ray.toml:1: not run: book/_data/evidence/ray.json is missing",
        ),
        (
            "records",
            {"book/_data/evidence/ray.json": RECORD.replace("60", "61")},
            "version 2.61.0 ran, but the data says",
        ),
        (
            "records",
            {"book/_data/evidence/ray.json": RECORD.replace("1,", "2,")},
            "2 fences of 'ray' are recorded, the page",
        ),
        (
            "citation_file",
            {"CITATION.cff": 'a: 1\nversion: "2026.10"\n'},
            "CITATION.cff:2: version 2026.10, but pyproject",
        ),
    ],
)
def test_a_check_finds_its_fault(tmp_path: Path, check: str, files: dict[str, str | None], message: str | None) -> None:
    write(tmp_path, files)
    problems = structure.CHECKS[check](tmp_path)
    if message is None:
        assert problems == []
    else:
        assert len(problems) == 1 and message in problems[0], problems


def test_environments_are_those_of_the_systems(tmp_path: Path) -> None:
    write(tmp_path, {})
    assert structure.check_environments({"html", "doctest", "doctest-ray", "doctest-general"}, tmp_path) == []
    found = structure.check_environments({"html", "doctest-dask"}, tmp_path)
    assert found == [
        "book/_data/systems/ray.toml:1: tox has no environment 'doctest-ray'",
        "toxfile.py:1: environment 'doctest-dask' has no system",
    ]
