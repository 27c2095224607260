"""Adding a system takes only its own files: one is scaffolded in a copy of the repository, tested and built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools.new_system import scaffold
from tools.systems import ROOT, System

PART = "single-computer-parallelization"


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "GIT", "TOX"))}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=600)


def git(root: Path, *arguments: str) -> str:
    result = run(root, "git", "-c", "user.name=test", "-c", "user.email=test@example.invalid", *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def new_system(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(root, sys.executable, "-m", "tools.new_system", *arguments)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's files as git lists them, committed, with the installed JavaScript linked beside them."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    root = tmp_path_factory.mktemp("repository")
    listed = run(ROOT, "git", "ls-files", "--cached", "--others", "--exclude-standard", "-z").stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
    git(root, "init", "--quiet")
    if (ROOT / "node_modules").exists():
        (root / "node_modules").symlink_to(ROOT / "node_modules")
        (root / ".git" / "info" / "exclude").write_text("node_modules\n", "utf8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "copy")
    return root


@pytest.fixture(scope="module")
def scaffolded(copy: Path) -> Path:
    """The copy with a thirtieth system, from the standard library."""
    result = new_system(copy, "subprocess", "--part", PART)
    assert result.returncode == 0, result.stdout + result.stderr
    return copy


def test_only_its_own_files(scaffolded: Path) -> None:
    changed = git(scaffolded, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert sorted(changed) == [
        " M book/_data/ids.lock",
        "?? book/_data/evidence/subprocess.json",
        "?? book/_data/sources/subprocess.bib",
        "?? book/_data/systems/subprocess.toml",
        f"?? book/{PART}/subprocess.md",
        "?? diagrams/subprocess/architecture.puml",
        "?? examples/subprocess/__init__.py",
        "?? examples/subprocess/run_shared_job.py",
        "?? examples/subprocess/trap_reuse_generator.py",
        "?? examples/subprocess/trap_send_lambda.py",
        "?? tests/examples/subprocess/engine.py",
        "?? tests/examples/subprocess/test_examples.py",
    ]
    added = [
        line for line in git(scaffolded, "diff", "--unified=0", "book/_data/ids.lock").splitlines() if line[0] in "+-"
    ]
    assert len(added) == 2 + 8
    assert all(line.startswith("+subprocess") for line in added[2:])


def test_its_examples_pass(scaffolded: Path) -> None:
    result = run(scaffolded, sys.executable, "-m", "tools.doctest_system", "subprocess", "--check-tree")
    assert result.returncode == 0, result.stdout
    assert "10 passed" in result.stdout


def test_structure_tests_pass(scaffolded: Path) -> None:
    tests = ["tests/book/test_structure.py", "tests/book/test_fences.py", "tests/book/test_typed_numbers.py"]
    result = run(scaffolded, sys.executable, "-m", "pytest", "-q", *tests, "-k", "test_structure or subprocess")
    assert result.returncode == 0, result.stdout


def test_tox_lists_it(scaffolded: Path) -> None:
    result = run(scaffolded, sys.executable, "-m", "tox", "list", "--no-desc", "-q")
    assert "doctest-subprocess" in result.stdout.split()


def test_book_builds_with_it(scaffolded: Path) -> None:
    command = ["sphinx", "-q", "-n", "-W", "--keep-going", "-c", ".", "-d", "build/doctrees", "book", "build/html"]
    result = run(scaffolded, sys.executable, "-m", *command)
    assert result.returncode == 0, result.stderr
    page = (scaffolded / "build" / "html" / PART / "subprocess.html").read_text("utf8")
    assert page.count("Evidence: ") == 7
    assert 'id="subprocess-use-case-fit"' in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["joblib", "--part", PART], f"book/{PART}/joblib.md: exists; 'joblib' is taken"),
        (["Sub_Process", "--part", PART], "'Sub_Process' is no id"),
        (["general", "--part", PART], "'general' is no id"),
        (["threads", "--part", "nosuch"], f"no part 'nosuch'; there are: {PART}"),
        (["threads", "--part", PART, "--distribution", "threads"], "--distribution threads needs --version"),
    ],
)
def test_bad_requests_write_nothing(copy: Path, arguments: list[str], message: str) -> None:
    before = git(copy, "status", "--porcelain", "--untracked-files=all")
    result = new_system(copy, *arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert git(copy, "status", "--porcelain", "--untracked-files=all") == before


def test_what_was_measured_before_gets_its_chapter(tmp_path: Path) -> None:
    """The tables of its data move, its adapter stays."""
    data = tmp_path / "book" / "_data"
    for name, text in {
        "book/_data/schema/system.json": (ROOT / "book/_data/schema/system.json").read_text("utf8"),
        "book/_data/measured/plain-pool.toml": (
            'id = "plain-pool"\nname = "P"\ndistribution = "stdlib"\n\n'
            '[variants]\ndefault = "map"\n\n[probes]\n"a.b" = "A"\n'
        ),
        "examples/plain_pool/__init__.py": '"""Kept."""\n',
        "examples/plain_pool/measure.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf8")
    scaffold(System("plain-pool", "Plain pool", PART, "stdlib", "3.14", root=tmp_path))
    assert not (data / "measured" / "plain-pool.toml").exists()
    table = tomllib.loads((data / "systems" / "plain-pool.toml").read_text("utf8"))
    assert (table["variants"], table["probes"]) == ({"default": "map"}, {"a.b": "A"})
    assert table["card"]["runs-on"] == "to be written"
    assert (tmp_path / "examples/plain_pool/__init__.py").read_text("utf8") == '"""Kept."""\n'
