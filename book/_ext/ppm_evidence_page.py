"""The tables of the evidence page: what every section stands on, and what the last recorded run did.

``{evidence-table} sections`` counts the evidence of every criterion section of every system page.
``{evidence-table} runs`` reads ``book/_data/evidence/<id>.json``, which ``tox -e doctest -- --update-evidence`` writes.
"""

import json
from collections import Counter
from pathlib import Path

from docutils import nodes
from ppm_criteria import CRITERIA, system_of
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

logger = logging.getLogger(__name__)

KINDS = ("sections", "runs")
DOT = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"  # a cell stays on one line


class evidence_table(nodes.General, nodes.Element):
    """Stands for the table until every page is read."""


class EvidenceTable(SphinxDirective):
    """``{evidence-table} sections`` or ``{evidence-table} runs``."""

    required_arguments = 1

    def run(self):
        kind = self.arguments[0]
        if kind not in KINDS:
            raise self.error(f"evidence-table shows {' or '.join(KINDS)}, not {kind!r}")
        records = Path(self.env.srcdir) / "_data" / "evidence"
        for path in records.glob("*.json"):
            self.env.note_dependency(str(path))
        node = evidence_table(kind=kind)
        self.set_source_info(node)
        pages = getattr(self.env, "ppm_evidence_pages", set())
        self.env.ppm_evidence_pages = pages | {self.env.docname}
        return [node]


def table(head: list[str], rows: list[list[nodes.Node]], widths: list[int], kind: str) -> nodes.table:
    """A plain docutils table; a cell is a list of inline nodes."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(head))
    group += nodes.thead("", row([[nodes.Text(text)] for text in head]))
    group += nodes.tbody("", *(row(cells) for cells in rows))
    return nodes.table("", group, classes=["evidence-table", f"evidence-{kind}"])


def row(cells) -> nodes.row:
    """A table row of *cells*."""
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def system_pages(env) -> list[str]:
    """Pages with criterion sections in the order of the book: by section number, then by name."""

    def order(docname: str):
        return env.toc_secnumbers.get(docname, {}).get("") or (10**6,), docname

    return sorted(getattr(env, "ppm_evidence", {}), key=order)


def section_rows(app, fromdoc: str):
    """A row a system, a cell a criterion, each linked to its section."""
    env = app.env
    for docname in system_pages(env):
        system = system_of(docname)
        cells = [[page_link(app, fromdoc, docname)]]
        for criterion in CRITERIA:
            counts = env.ppm_evidence[docname].get(criterion.slug)
            if counts is None:
                cells.append([nodes.Text("–")])
                continue
            text = nodes.Text(f"{counts.examples}{DOT}{counts.measurements}{DOT}{counts.sources}")
            cells.append([make_refnode(app.builder, fromdoc, docname, criterion.label(system), text)])
        yield cells


def page_link(app, fromdoc: str, docname: str) -> nodes.reference:
    """The name of a system, linked to its page."""
    title = nodes.Text(app.env.titles[docname].astext())
    return make_refnode(app.builder, fromdoc, docname, system_of(docname), title)


def load_record(srcdir: Path, system: str, location: nodes.Node) -> dict | None:
    """The record of the last run of *system*; a file that cannot be used is reported at *location*."""
    path = Path(srcdir) / "_data" / "evidence" / f"{system}.json"
    try:
        record = json.loads(path.read_text("utf8"))
        if record["system"] != system:
            raise ValueError(f"its system is {record['system']!r}")
        for key in ("version", "python", "date", "pages", "tests"):
            record[key]
        return record
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        reason = f"it lacks {error}" if isinstance(error, KeyError) else error
        logger.error("%s: not a record of a run: %s", path, reason, location=location, type="ppm", subtype="evidence")
        return None


def summarize(record: dict) -> tuple[int, int, list[str]]:
    """How many fences and tests of *record* passed, and the reason of each one that was skipped."""
    sections = [section for page in record["pages"].values() for section in page.values()]
    passed = sum(section["passed"] for section in sections)
    skipped = [skip["reason"] for section in sections for skip in section["skipped"]]
    tests = record["tests"]
    skipped += [f"{skip['name']}: {skip['reason']}" for skip in tests["skipped"]]
    reasons = [reason if times == 1 else f"{reason} ({times} times)" for reason, times in Counter(skipped).items()]
    return passed, tests["passed"], reasons


def run_rows(app, fromdoc: str, location: nodes.Node):
    """A row a system: versions, date, what ran and what was skipped."""
    for docname in system_pages(app.env):
        link = page_link(app, fromdoc, docname)
        record = load_record(app.srcdir, system_of(docname), location)
        if record is None:
            texts = ["–", "–", "not run", "–", "–", "–"]
        else:
            passed, tests, skipped = summarize(record)
            texts = [
                record["version"],
                ", ".join(record["python"]),
                record["date"],
                str(passed),
                str(tests),
                "; ".join(skipped) or "none",
            ]
        yield [[link], *([nodes.Text(text)] for text in texts)]


def resolve(app, doctree: nodes.document, docname: str) -> None:
    """Replace each placeholder by its table."""
    for node in list(doctree.findall(evidence_table)):
        if node["kind"] == "sections":
            head = ["System", *(criterion.title for criterion in CRITERIA)]
            rows, widths = list(section_rows(app, docname)), [16] + [12] * len(CRITERIA)
        else:
            head = ["System", "Version", "Python", "Run on", "Fences run", "Tests run", "Skipped"]
            rows, widths = list(run_rows(app, docname, node)), [14, 10, 8, 12, 10, 10, 36]
        node.replace_self(table(head, rows, widths, node["kind"]) if rows else [])


def rewrite(app, env) -> list[str]:
    """Write the evidence page again when any count changed, though its own file did not."""
    counts = getattr(env, "ppm_evidence", {})
    if getattr(env, "ppm_evidence_written", None) == counts:
        return []
    env.ppm_evidence_written = dict(counts)
    return sorted(getattr(env, "ppm_evidence_pages", set()) & env.found_docs)


def merge(app, env, docnames, other) -> None:
    """Take over the pages with tables that a parallel reader found."""
    env.ppm_evidence_pages = getattr(env, "ppm_evidence_pages", set()) | getattr(other, "ppm_evidence_pages", set())


def setup(app):
    app.add_node(evidence_table)
    app.add_directive("evidence-table", EvidenceTable)
    app.connect("doctree-resolved", resolve)
    app.connect("env-updated", rewrite)
    app.connect("env-merge-info", merge)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
