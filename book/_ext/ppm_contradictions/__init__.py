"""The ledger of contradictions: claims that disagree, as data with sources and measurements, shown by a directive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ppm_register.domain import domain_of
from sphinx.util import logging

from .directive import Contradictions
from .load import load

logger = logging.getLogger(__name__)
STATIC = Path(__file__).with_name("static")


def report_problems(app: Any) -> None:
    """Log each mistake in the entries as one line with its place, whether a page shows them or not."""
    _, problems = load(Path(app.srcdir) / "_data", domain_of(app.env).register.sources)
    for problem in problems:
        logger.error("%s", problem.message, location=f"{problem.path}:{problem.line}", type="ppm")


def _add_static_files(app: Any, config: Any) -> None:
    config.html_static_path.append(str(STATIC))


def setup(app: Any) -> dict[str, Any]:
    """Add the directive to Sphinx; sources and measurements come from the register."""
    app.setup_extension("ppm_register")
    app.add_directive("contradictions", Contradictions)
    app.add_css_file("contradictions.css")
    app.connect("config-inited", _add_static_files)
    app.connect("builder-inited", report_problems)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
