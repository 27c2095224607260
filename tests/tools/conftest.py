"""A small repository with the runner's own files and one system, to run pytest in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.systems import ROOT

RUNNER = ["conftest.py", "pyproject.toml", "book/conftest.py", "tests/examples/conftest.py", "tools", "examples"]

DATA = """\
id = "demo"
name = "Demo"
part = "part"
distribution = "stdlib"
version = "3"
"""

ENGINE = """\
import os


def engine(home):
    os.environ["DEMO_HOME"] = str(home)
    yield
"""


@dataclass
class Repository:
    """The copy, and what a test does with it."""

    root: Path

    def write(self, path: str, text: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf8")
        return target

    def write_page(self, text: str) -> Path:
        return self.write("book/part/demo.md", text)

    def run(self, *arguments: str, module: str = "pytest") -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        environment |= {"PPM_GRACE": "1", "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, timeout=60)

    def doctest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("demo", *arguments, module="tools.doctest_system")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    for name in RUNNER:
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    made = Repository(tmp_path)
    made.write("book/_data/systems/demo.toml", DATA)
    made.write("tests/examples/demo/engine.py", ENGINE)
    return made
