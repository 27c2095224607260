"""A system's run: one test a fence, a clean sandbox, and a record that must agree."""

from __future__ import annotations

import json

import psutil
import pytest

PAGE = """\
(demo)=
# Demo

(demo-overview)=
## Overview

```python
>>> numbers = [1, 2]
>>> sum(numbers)
3
```

(demo-performance)=
## Performance

```python
assert numbers == [1, 2]
numbers.append(3)
```

% skip: next if(len(numbers) == 3, reason="three numbers")

```python
>>> 1 / 0
>>> 2 / 0
```

```{code-block} python
:caption: Named.

>>> numbers
[1, 2, 3]
```
"""


def test_examples_pass_and_the_record_is_written_once(repository) -> None:
    repository.write_page(PAGE)
    repository.write("tests/examples/demo/test_demo.py", "def test_home(home):\n    assert home.is_dir()\n")
    record = repository.root / "book/_data/evidence/demo.json"

    first = repository.doctest()
    assert first.returncode == 1
    assert "book/_data/evidence/demo.json: missing" in first.stdout
    assert "tox -e doctest-demo -- --update-evidence" in first.stdout

    assert repository.doctest("--update-evidence").returncode == 0
    found = json.loads(record.read_text("utf8"))
    assert list(found) == ["system", "distribution", "version", "python", "date", "pages", "tests"]
    assert found["pages"] == {
        "book/part/demo.md": {
            "demo-overview": {"passed": 1, "skipped": []},
            "demo-performance": {"passed": 2, "skipped": [{"reason": "three numbers"}]},
        }
    }
    assert found["tests"] == {"passed": 1, "skipped": []}

    # A second interpreter joins the first; nothing else changes.
    found["python"], found["date"] = ["3.1"], "2001-01-01"
    record.write_text(json.dumps(found))
    assert repository.doctest().returncode == 0
    assert repository.doctest("--update-evidence").returncode == 0
    updated = json.loads(record.read_text("utf8"))
    assert updated["python"][0] == "3.1"
    assert len(updated["python"]) == 2
    assert updated["date"] > "2001-01-01"

    text = record.read_text("utf8")
    assert repository.doctest("--update-evidence").returncode == 0
    assert record.read_text("utf8") == text

    repository.write_page(PAGE.replace("(demo-performance)=\n## Performance\n", ""))
    changed = repository.doctest()
    assert changed.returncode == 1
    assert "book/part/demo.md demo-overview: recorded 1 passed, skipped [], ran 3 passed" in changed.stdout


def test_wrong_output_names_its_own_line(repository) -> None:
    repository.write_page(PAGE.replace("[1, 2, 3]", "[1, 2, 4]"))
    result = repository.doctest()
    assert result.returncode == 1
    assert 'book/part/demo.md", line 31, in demo' in result.stdout
    assert "demo-performance:28" in result.stdout
    assert "nothing to compare: an example failed" in result.stdout


def test_failing_assert_names_its_own_line(repository) -> None:
    repository.write_page(PAGE.replace("numbers.append(3)", "assert not numbers"))
    assert "book/part/demo.md:18: in <module>" in repository.doctest().stdout


def test_ellipsis_must_be_asked_for(repository) -> None:
    repository.write_page("(demo)=\n# D\n\n```python\n>>> print(123)\n1...\n```\n")
    assert "line 5, in demo" in repository.doctest().stdout
    repository.write_page("(demo)=\n# D\n\n```python\n>>> print(123)  # doctest: +ELLIPSIS\n1...\n```\n")
    assert repository.doctest("--update-evidence").returncode == 0


def test_selection_brings_the_earlier_fences(repository) -> None:
    repository.write_page(PAGE)
    result = repository.run("book/part/demo.md", "-k", "demo-performance:16", "-v")
    assert "demo-overview:7 PASSED" in result.stdout
    assert "demo-performance:16 PASSED" in result.stdout
    assert ":28" not in result.stdout


@pytest.mark.parametrize("comment", ["% skip: next", "% skip: start", "% skip: next if(True)"])
def test_skip_without_a_reason_is_an_error(repository, comment: str) -> None:
    repository.write_page(f"# D\n\n{comment}\n\n```python\n1\n```\n")
    result = repository.doctest()
    assert result.returncode != 0
    assert f"book/part/demo.md:3: {comment!r} is not one of" in result.stdout


def test_skip_without_a_fence_is_an_error(repository) -> None:
    repository.write_page('# D\n\n% skip: next "why"\n')
    assert "book/part/demo.md:3: no python fence follows this skip" in repository.doctest().stdout


def test_sandbox(repository) -> None:
    repository.write_page(
        """\
# D

```python
import os, subprocess, sys, tempfile
from pathlib import Path

home = Path(os.environ["HOME"])
assert Path.cwd() == home / "work"
assert os.environ["DEMO_HOME"] == str(home)
assert Path(tempfile.mkdtemp()).is_relative_to(home)
assert os.environ["DO_NOT_TRACK"] == "1"
subprocess.run([sys.executable, "-c", "import examples.workload"], check=True)
assert "_sandbox" not in globals()
assert __name__ == "__main__"
os.chdir("/")
os.environ["LEAK"] = "1"
(Path("/") / home / "kept").write_text("")
```
"""
    )
    repository.write(
        "tests/examples/demo/test_after.py",
        """\
import os
from pathlib import Path


def test_after(home):
    assert "LEAK" not in os.environ
    assert not (home / "kept").exists()
    assert Path.cwd() == home / "work"
""",
    )
    result = repository.doctest("--update-evidence")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('import subprocess\np = subprocess.Popen(["sleep", "321"])', ": sleep 321"),
        (
            'import subprocess\nsubprocess.run("sleep 322 &", shell=True, start_new_session=True)',
            ": sleep 322",
        ),
        (
            'import socket, builtins\nbuiltins.kept = socket.create_server(("127.0.0.1", 0))',
            "listening port 127.0.0.1:",
        ),
    ],
)
def test_leftovers_fail_the_page(repository, code: str, message: str) -> None:
    repository.write_page(f"# D\n\n```python\n{code}\n```\n")
    result = repository.doctest()
    assert result.returncode == 1
    assert "left behind after the engine was stopped" in result.stdout
    assert message in result.stdout
    assert not [
        p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] in (["sleep", "321"], ["sleep", "322"])
    ]


def test_folder_of_multiprocessing_goes_with_the_page(repository) -> None:
    code = "import multiprocessing\n\nwith multiprocessing.get_context('forkserver').Pool(1) as p:\n    p.map(abs, [1])"
    repository.write_page(f"# D\n\n```python\n{code}\n```\n")
    result = repository.doctest("--update-evidence")
    assert (result.returncode, result.stderr) == (0, "")


def test_new_file_in_the_tree_is_a_leftover(repository) -> None:
    repository.write_page(f'# D\n\n```python\nopen("{repository.root}/spill", "w").close()\n```\n')
    assert repository.doctest("--update-evidence").returncode == 0
    (repository.root / "spill").unlink()
    result = repository.doctest("--check-tree")
    assert result.returncode == 1
    assert "new file in the working tree: spill" in result.stdout


def test_missing_engine(repository) -> None:
    repository.write_page(PAGE)
    (repository.root / "tests/examples/demo/engine.py").unlink()
    result = repository.doctest()
    assert "tests/examples/demo/engine.py: missing" in result.stdout
    assert "Traceback" not in result.stdout


def test_other_version_than_the_data_says(repository) -> None:
    repository.write_page(PAGE)
    data = (repository.root / "book/_data/systems/demo.toml").read_text("utf8")
    repository.write("book/_data/systems/demo.toml", data.replace('"stdlib"', '"pytest"'))
    result = repository.doctest("--update-evidence")
    assert f"Demo {pytest.__version__} ran; book/_data/systems/demo.toml says version '3'" in result.stdout


def test_general_runs_what_belongs_to_no_system(repository) -> None:
    repository.write_page(PAGE)
    repository.write("book/part/index.md", "# P\n\n```python\nassert True\n```\n")
    repository.write("tests/examples/demo/test_demo.py", "def test_demo():\n    assert False\n")
    home = "def test_home(home):\n    assert home.is_dir()\n"
    repository.write("tests/examples/general/test_page_home.py", home)
    repository.write("tests/examples/test_shared.py", home)
    result = repository.run("general", "-v", module="tools.doctest_system")
    assert result.returncode == 0, result.stdout
    passed = [line.split(" ")[0] for line in result.stdout.splitlines() if " PASSED" in line]
    assert passed == [
        "book/part/index.md::index:3",
        "tests/examples/test_shared.py::test_home",
        "tests/examples/general/test_page_home.py::test_home",
    ]
    found = json.loads((repository.root / "build/doctest/general.json").read_text("utf8"))
    assert (found["tests"], found["failed"]) == ({"passed": 2, "skipped": []}, 0)


def test_general_checks_what_its_tests_leave_behind(repository) -> None:
    left = 'import subprocess\n\n\ndef test_left():\n    subprocess.Popen(["sleep", "323"])\n'
    repository.write("tests/examples/general/test_left.py", left)
    result = repository.run("general", module="tools.doctest_system")
    assert result.returncode == 1
    assert ": sleep 323" in result.stdout


def test_unknown_system(repository) -> None:
    result = repository.run("nosuch", module="tools.doctest_system")
    assert result.returncode == 2
    assert result.stderr == "tools.doctest_system: no system 'nosuch'; there are: demo, general\n"


def test_broken_data(repository) -> None:
    repository.write("book/_data/systems/demo.toml", "id = \n")
    result = repository.doctest()
    assert result.stderr.startswith("tools.doctest_system: book/_data/systems/demo.toml: Invalid value (at line 1")


def test_page_of_a_subject_runs_alone(repository) -> None:
    subject = 'id = "topic"\nname = "Topic"\ndistribution = "stdlib"\npart = "part"\n'
    repository.write("book/_data/measured/topic.toml", subject)
    repository.write("book/part/topic.md", "# T\n\n```python\nimport os\nassert os.environ['TOPIC']\n```\n")
    engine = "import os\n\n\ndef engine(home):\n    os.environ['TOPIC'] = '1'\n    yield\n"
    repository.write("tests/examples/topic/engine.py", engine)
    test = "import os\n\n\ndef test_it():\n    assert os.environ['TOPIC']\n"
    repository.write("tests/examples/topic/test_topic.py", test)
    result = repository.run("topic", module="tools.doctest_system")
    assert result.returncode == 0, result.stdout
    assert json.loads((repository.root / "build/doctest/topic.json").read_text("utf8"))["tests"]["passed"] == 1
    assert not (repository.root / "book/_data/evidence/topic.json").exists()

    repository.write("book/index.md", "# I\n\n```python\n1\n```\n")
    general = repository.run("general", module="tools.doctest_system")
    assert "1 passed" in general.stdout
    assert "topic" not in general.stdout
    (repository.root / "book/part/topic.md").unlink()
    assert "the page of Topic is missing" in repository.run("topic", module="tools.doctest_system").stderr
