"""What tox offers comes from the data; the first installation is pinned as the lock says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib

import pytest

from tools.systems import GENERAL, ROOT, DataError, load_chapters, load_groups, load_systems


def tox(*arguments: str) -> subprocess.CompletedProcess[str]:
    # A tox that runs this test has set variables that the inner one must not take for its own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOX")}
    command = [sys.executable, "-m", "tox", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_every_environment_is_described() -> None:
    listed = dict(re.findall(r"^([\w-]+)\s+-> (.*)$", tox("list").stdout, re.MULTILINE))
    doctests = {f"doctest-{name}" for name in [*load_chapters(), GENERAL]}
    own = {"html", "pdf", "doctest", "test", "lint", "linkcheck", "serve", "new-system", "ids"}
    assert {name for name in listed if name.startswith("doctest-")} == doctests
    assert own <= set(listed)
    assert "[no description]" not in listed.values()


@pytest.mark.parametrize("name", [*load_chapters(), GENERAL])
def test_groups_of_a_system(name: str) -> None:
    result = tox("config", "-e", f"doctest-{name}", "-k", "dependency_groups", "runner")
    groups = set(re.findall(r"^(?:dependency_groups = |  )([\w-]+)$", result.stdout, re.MULTILINE))
    assert groups == {"examples"} | ({name} & load_groups())
    assert "uv-venv-lock-runner" in result.stdout


def test_unknown_system() -> None:
    result = tox("run", "-e", "doctest-nosuch")
    assert result.returncode != 0
    assert "doctest-nosuch" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_pins_of_the_first_installation_are_those_of_the_lock() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf8"))
    versions = {package["name"]: package.get("version") for package in lock["package"]}
    pins = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements-tox.txt").read_text("utf8"), re.MULTILINE)
    assert len(pins) > 5
    assert {name: versions[name] for name, _ in pins} == dict(pins)


def test_broken_data_is_one_clear_error(repository) -> None:
    repository.write("book/_data/systems/bad.toml", 'id = "other"\nname = "B"\n')
    with pytest.raises(DataError, match=r"^book/_data/systems/bad.toml: the key 'part' is missing"):
        load_systems(repository.root)
