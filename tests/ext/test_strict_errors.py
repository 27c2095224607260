"""ppm_strict: an error raised on purpose ends the build with its message alone."""

import os
import subprocess
import sys

from sphinx_project import EXTENSIONS

CONF = """
import sys
sys.path.insert(0, {extensions!r})
extensions = ["ppm_strict"]

from sphinx.errors import SphinxError

def fail(app, env):
    raise {error}("picture.puml:4: Syntax Error?")

def setup(app):
    app.connect("env-updated", fail)
"""


def run_sphinx(tmp_path, error):
    (tmp_path / "conf.py").write_text(CONF.format(extensions=str(EXTENSIONS), error=error), "utf8")
    (tmp_path / "index.rst").write_text("Book\n====\n", "utf8")
    reports = tmp_path / "reports"
    reports.mkdir()
    command = [sys.executable, "-m", "sphinx", "-q", str(tmp_path), str(tmp_path / "out")]
    environment = os.environ | {"TMPDIR": str(reports), "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return done, list(reports.glob("sphinx-err-*"))


def test_a_raised_error_is_one_line(tmp_path):
    done, reports = run_sphinx(tmp_path, "SphinxError")
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if line] == ["ERROR: picture.puml:4: Syntax Error?"]
    assert not reports


def test_a_mistake_of_an_extension_is_not_hidden(tmp_path):
    done, _ = run_sphinx(tmp_path, "ZeroDivisionError")
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr or "Extension error" in done.stderr
