"""Fault drills: what a fault did to a system, counted by a test, beside what its makers promise.

``_data/drills/<id>.toml`` holds the drills of a system; ``{drills}`` shows them.  A mistake in the data is one error
with file, line and key, whether a page shows the drills or not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ppm_register.domain import domain_of
from sphinx.util import logging

from .directive import Drills
from .load import load

logger = logging.getLogger(__name__)


def report_problems(app: Any) -> None:
    """Log each mistake in the data as one line with its place."""
    for problem in load(Path(app.srcdir) / "_data", domain_of(app.env).register)[1]:
        logger.error("%s", problem.message, location=f"{problem.path}:{problem.line}", type="ppm")


def setup(app: Any) -> dict[str, Any]:
    """Add the directive to Sphinx; systems and sources come from the register."""
    app.setup_extension("ppm_register")
    app.add_directive("drills", Drills)
    app.connect("builder-inited", report_problems)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
