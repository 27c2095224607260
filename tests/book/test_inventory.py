"""Other Sphinx projects refer to every criterion section through the objects.inv of the built book."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.structure import CRITERIA
from tools.systems import load_systems

CONF = """
extensions = ["myst_parser", "sphinx.ext.intersphinx"]
intersphinx_mapping = {{"ppm": ("https://docs.example.org/ppm/", {inventory!r})}}
"""


def test_sections_resolve_through_intersphinx(html: Path, tmp_path: Path) -> None:
    systems = load_systems().values()
    labels = [criterion.label(system.id) for system in systems for criterion in CRITERIA]
    if not labels:
        pytest.skip("the book has no system yet")
    (tmp_path / "conf.py").write_text(CONF.format(inventory=str(html / "objects.inv")), "utf8")
    references = "\n\n".join(f"{{external+ppm:std:ref}}`{label}`" for label in labels)
    (tmp_path / "index.md").write_text(f"# A decision\n\n{references}\n", "utf8")
    command = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", str(tmp_path), str(tmp_path / "out")]
    run = subprocess.run(command, capture_output=True, encoding="utf8", check=False)
    assert run.returncode == 0, run.stderr
    page = (tmp_path / "out" / "index.html").read_text("utf8")
    for system in systems:
        for criterion in CRITERIA:
            label = criterion.label(system.id)
            assert f'href="https://docs.example.org/ppm/{system.part}/{system.id}.html#{label}"' in page
            assert f">{criterion.title}<" in page
