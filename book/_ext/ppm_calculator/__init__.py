"""The directive ``{cost-calculator}``: the cost model of :mod:`examples.measure.model`, for the reader's own job.

The parameters of every system that the register has measured are written into the page as JSON, so that the calculator
works from a folder on disk.  Without JavaScript, and on paper, there is a table of typical jobs from the same model.

````
```{cost-calculator}
:name: performance-break-even-typical
```
````
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from ppm_register.directives import RegisterDirective
from ppm_register.domain import RegisterDomain, RegisterError
from ppm_register.quantities import NBSP, number_text
from ppm_register.tables import build_table, text_cell
from sphinx import addnodes

from examples.measure import model

from .contestants import Contestant, contestants
from .units import seconds_text

STATIC = Path(__file__).with_name("static")
SCRIPTS = ("cost-model.js", "calculator-input.js", "calculator.js")
#: What the form shows first; the workers are the machine's cores.
DEFAULTS = {"tasks": "1,000", "work": "5 ms", "kind": "python", "in": "10 kB", "out": "0 B", "running": "no"}
#: The jobs of the table: heading, and fields of a job; the engine has to be started.
TYPICAL = (
    (f"10,000 tasks of 100{NBSP}µs", {"tasks": 10_000, "work": 1e-4}),
    (f"1,000 tasks of 5{NBSP}ms", {"tasks": 1_000, "work": 5e-3}),
    (f"200 tasks of 250{NBSP}ms", {"tasks": 200, "work": 0.25}),
    (f"100 tasks of 2{NBSP}s", {"tasks": 100, "work": 2.0}),
)


class CostCalculator(RegisterDirective):
    """The calculator, and the table of typical jobs."""

    option_spec = {"machine": directives.unchanged_required, "name": directives.unchanged_required}

    def show(self, domain: RegisterDomain) -> list[nodes.Node]:
        """Return the calculator's element, the note for paper, and the table."""
        if any(map(_is_calculator, self.state.document.findall(nodes.raw))):
            raise RegisterError("a page can hold one calculator: its state stands in the page's address")
        domain.note_shown("*")
        machine = self.options.get("machine")
        found = contestants(domain.register, machine)
        if not found:
            where = machine or " or ".join(domain.register.references) or "any machine"
            raise RegisterError(f"nothing that was measured on {where} has the probes that the cost model is fitted to")
        calculator = nodes.raw("", page_element(found), format="html", calculator=True)
        return [calculator, self.note(), self.table(found)]

    def note(self) -> nodes.Node:
        """Return the sentence that paper has in place of the calculator."""
        base = getattr(self.config, "ppm_base_url", "") or self.config.html_baseurl
        address = f"{base.rstrip('/')}/{self.env.docname}.html" if base else ""
        where = (
            nodes.reference("", "the web edition of this page", refuri=address)
            if address
            else nodes.Text("the web edition of this page")
        )
        text = [nodes.Text("The calculator for your own numbers is in "), where, nodes.Text(".")]
        return addnodes.only("", nodes.paragraph("", "", *text), expr="not html")

    def table(self, found: Sequence[Contestant]) -> nodes.table:
        """Return the table of typical jobs, with the plain loop first."""
        workers = cores(found[0])
        jobs = [model.Job(workers=workers, running=False, kind="python", **fields) for _, fields in TYPICAL]
        loop = [text_cell("Plain loop"), *(text_cell(seconds_text(job.loop)) for job in jobs)]
        rows = [[text_cell(item.name), *(text_cell(_cell(item, job)) for job in jobs)] for item in found]
        header = ["System", *(heading for heading, _ in TYPICAL)]
        head = (
            f"Predicted times of four typical jobs of Python code without data on {workers} workers, engine not yet"
            f" started; in parentheses how many times as fast as the plain loop."
        )
        title = [nodes.Text(f"{head} {provenance(found)}")]
        probes = [f"{item.run.system}:{name}" for item in found for name in item.run.probes if "task_cost." in name]
        table = build_table(title, header, [loop, *rows], classes=["measurement-table"], probes=probes)
        self.set_source_info(table)
        self.add_name(table)
        return table


def _is_calculator(node: nodes.raw) -> bool:
    return node.get("calculator", False)


def _cell(item: Contestant, job: model.Job) -> str:
    try:
        total = model.predict(item.parameters, job).total
    except model.NotMeasured:
        return "–"
    return f"{seconds_text(total)} ({number_text(job.loop / total, 2)})"


def cores(item: Contestant) -> int:
    """Return the cores of the machine that measured it."""
    return max(1, int(item.run.data["machine"]["cores"]))


def provenance(found: Sequence[Contestant]) -> str:
    """Write machines and dates."""
    machines = "; ".join(dict.fromkeys(item.run.machine_text() for item in found))
    dates = sorted({item.run.date for item in found})
    return f"Machine {machines}, {dates[0] if len(dates) == 1 else f'{dates[0]} to {dates[-1]}'}."


def page_element(found: Sequence[Contestant]) -> str:
    """Return the HTML: the data, a place for the form, and what a reader without JavaScript reads instead."""
    data = {
        "systems": [item.plain() for item in found],
        "defaults": DEFAULTS | {"workers": str(cores(found[0]))},
        "provenance": provenance(found),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    return (
        '<div class="cost-calculator" id="calculator">'
        f'<script type="application/json" class="cost-calculator-data">{text}</script>'
        "<noscript><p>The calculator needs JavaScript. The table below has typical jobs from the same model.</p>"
        "</noscript></div>"
    )


def _add_static_files(app: Any, config: Any) -> None:
    config.html_static_path.append(str(STATIC))


def _add_scripts(app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Load scripts and style on the pages that hold a calculator, and on no other."""
    if doctree is not None and any(map(_is_calculator, doctree.findall(nodes.raw))):
        app.add_css_file("calculator.css")
        for name in SCRIPTS:
            app.add_js_file(name, loading_method="defer")


def setup(app: Any) -> dict[str, Any]:
    """Register the directive and its files with Sphinx."""
    app.setup_extension("ppm_register")
    app.add_directive("cost-calculator", CostCalculator)
    app.connect("config-inited", _add_static_files)
    app.connect("html-page-context", _add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
