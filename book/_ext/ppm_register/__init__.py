"""The register: facts and measurements as data, shown through roles and directives, checked when the book is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .accepted import AcceptedResults
from .card import SystemCard
from .claims import ClaimRole
from .domain import RegisterDomain, outdated_pages, report_problems
from .nodes import claim, depart_html, depart_plain, fact, measured, visit_html, visit_plain
from .own import announce
from .plots import MeasurementPlot
from .roles import FactRole, MeasuredRole
from .tables import MeasurementTable, SystemTable

STATIC = Path(__file__).with_name("static")


def _add_static_files(app: Any, config: Any) -> None:
    config.html_static_path.append(str(STATIC))


def _resolve_own(app: Any, config: Any) -> None:
    """Take the folder of own measurements as seen from conf.py, as Sphinx takes every path of its configuration."""
    if config.ppm_own_measurements:
        config.ppm_own_measurements = str(Path(app.confdir or app.srcdir, config.ppm_own_measurements).resolve())


def setup(app: Any) -> dict[str, Any]:
    """Register domain, nodes, roles and directives with Sphinx."""
    app.add_domain(RegisterDomain)
    for node in (measured, fact, claim):
        app.add_node(node, html=(visit_html, depart_html), text=(visit_plain, depart_plain))
    app.add_role("fact", FactRole())
    app.add_role("measured", MeasuredRole())
    app.add_role("claim", ClaimRole())
    app.add_directive("system-card", SystemCard)
    app.add_directive("system-table", SystemTable)
    app.add_directive("accepted-results", AcceptedResults)
    app.add_directive("measurement-table", MeasurementTable)
    app.add_directive("measurement-plot", MeasurementPlot)
    app.add_css_file("register.css")
    app.add_js_file("register.js", loading_method="defer")
    app.add_config_value("ppm_own_measurements", "", "env", str)
    app.connect("config-inited", _add_static_files)
    app.connect("config-inited", _resolve_own)
    app.connect("builder-inited", report_problems)
    app.connect("env-get-outdated", outdated_pages)
    app.connect("doctree-read", announce)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
