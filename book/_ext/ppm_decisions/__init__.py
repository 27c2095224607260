"""Decision trees: data in ``_data/decisions/<id>.toml``, shown as a picture and as a list by one directive.

Both come from the same data, so the picture cannot say what the text does not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ppm_register.domain import domain_of
from sphinx.util import logging

from .directive import DecisionTree
from .load import load

logger = logging.getLogger(__name__)


def report_problems(app: Any) -> None:
    """Log each mistake in the data as one line with its place, whether a page shows the tree or not."""
    _, problems = load(Path(app.srcdir) / "_data", domain_of(app.env).register.systems)
    for problem in problems:
        logger.error("%s", problem.message, location=f"{problem.path}:{problem.line}", type="ppm")


def setup(app: Any) -> dict[str, Any]:
    """Add the directive to Sphinx; systems come from the register, pictures are drawn as every diagram."""
    app.setup_extension("ppm_register")
    app.setup_extension("ppm_diagrams")
    app.add_directive("decision-tree", DecisionTree)
    app.connect("builder-inited", report_problems)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
