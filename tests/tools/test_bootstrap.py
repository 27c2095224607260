"""The first command of a newcomer: it sets up once, hands its arguments to tox, and says what is missing."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.systems import ROOT


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The module, with a repository in a temporary folder and without the installation itself."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    scripts = tmp_path / ".venv" / "bin"
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "SCRIPTS", scripts)
    monkeypatch.setattr(module, "PINS", tmp_path / "pins.txt")
    monkeypatch.setattr(module, "STAMP", scripts.parent / "pins.txt")
    module.PINS.write_text("tox==1\n")
    module.created = 0

    def create() -> None:
        module.created += 1
        scripts.mkdir(parents=True, exist_ok=True)
        tox = scripts / "tox"
        tox.write_text('#!/bin/sh\necho "$PATH" > path.txt\necho "$@" > arguments.txt\nexit 3\n')
        tox.chmod(0o755)
        module.STAMP.write_bytes(module.PINS.read_bytes())

    monkeypatch.setattr(module, "create_environment", create)
    return module


def test_sets_up_once_and_again_after_a_change_of_the_pins(bootstrap) -> None:
    assert [bootstrap.main(["list"]), bootstrap.main(["list"])] == [3, 3]
    assert bootstrap.created == 1
    bootstrap.PINS.write_text("tox==2\n")
    bootstrap.main([])
    assert bootstrap.created == 2


def test_hands_arguments_and_path_to_tox(bootstrap, tmp_path: Path) -> None:
    assert bootstrap.main(["-e", "html,pdf"]) == 3
    assert (tmp_path / "arguments.txt").read_text() == "-e html,pdf\n"
    assert (tmp_path / "path.txt").read_text().startswith(f"{bootstrap.SCRIPTS}{os.pathsep}")


def test_old_python(bootstrap, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert bootstrap.main([]) == 2
    assert capsys.readouterr().err.startswith("bootstrap.py: Python 3.11 or newer is needed, this is ")
    assert bootstrap.created == 0


def test_python_without_pip(bootstrap, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert bootstrap.main([]) == 2
    assert "apt install python3-venv" in capsys.readouterr().err


def test_failed_installation(bootstrap, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def create() -> None:
        raise subprocess.CalledProcessError(7, ["pip"])

    monkeypatch.setattr(bootstrap, "create_environment", create)
    assert bootstrap.main([]) == 1
    assert capsys.readouterr().err == "bootstrap.py: .venv could not be set up: exit status 7\n"
