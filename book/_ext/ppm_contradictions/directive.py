"""The directive ``{contradictions}``: every entry of the ledger, or those of ``:ids:``, each as a section."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from ppm_data_text import DataDirective
from ppm_register.directives import words
from ppm_register.domain import domain_of
from ppm_register.load import did_you_mean
from sphinx.util import logging

from .load import FOLDER, Contradiction, load

logger = logging.getLogger(__name__)


class Contradictions(DataDirective):
    """Sections with the claims in a table, what was measured, and the verdict.

    The texts are Markdown with the book's roles; what is wrong in them is reported with its file and line.
    """

    has_content = False
    option_spec = {"ids": words}

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        root = Path(self.env.srcdir) / "_data"
        entries, problems = load(root, domain_of(self.env).register.sources)
        self.env.note_dependency(str(root / FOLDER))  # the folder changes when an entry comes or goes
        for path in (root / FOLDER).glob("*.toml"):
            self.env.note_dependency(str(path))
        wanted = self.options.get("ids") or list(entries)
        if not isinstance(self.state.inliner.parent, nodes.section):
            self.error("makes sections, so it must stand directly in one, not in a list or a box")
            return []
        shown = []
        for name in wanted:
            if name in entries:
                shown.append(self.section(entries[name]))
            elif any(problem.path.stem == name for problem in problems):
                self.error(f"the data of {name!r} has errors, reported above")
            else:
                self.error(f"unknown entry {name!r}{did_you_mean(name, entries)}")
        return shown

    def error(self, message: str) -> None:
        """Report a mistake on the page itself."""
        logger.error("{contradictions}: %s", message, location=self.get_location(), type="ppm")

    def section(self, entry: Contradiction) -> nodes.section:
        """Build the section of one entry."""
        section = nodes.section(ids=[entry.label], names=[entry.label], classes=["contradiction"])
        section.source, section.line = str(entry.path), entry.line("title")
        with self.reading(entry.path):
            section += nodes.title(entry.data["title"], "", *self.inline(entry.data["title"], entry.line("title")))
            question = self.inline(entry.data["question"], entry.line("question"))
            section += nodes.paragraph("", "", *question, classes=["contradiction-question"])
            section += self.claims(entry)
            section += self.outcome(entry)
        self.state.document.note_explicit_target(section, section)
        return section

    def claims(self, entry: Contradiction) -> nodes.table:
        """Lay out who says what, and where."""
        rows = []
        for number, claim in enumerate(entry.data["claims"]):
            where = f"{claim['locator']} ({claim['version']}) {{cite:p}}`{claim['source']}`"
            source = self.inline(where, entry.line("claims", number, "source"))
            title = domain_of(self.env).register.sources[claim["source"]]
            text = self.inline(claim["text"], entry.line("claims", number, "text"))
            figure = self.inline(claim.get("figure", "–"), entry.line("claims", number, "figure"))
            rows.append([[*self.link(title.title, title.url), nodes.Text(", "), *source], text, figure])
        table = _table(("Where", "What it says", "In short"), rows)
        table["classes"] = ["contradiction-claims", "colwidths-given"]
        self.set_source_info(table)
        return table

    def link(self, title: str, url: str) -> list[nodes.Node]:
        """Return a source's title, linked where it has an address."""
        text = title.replace("\\", "")  # BibTeX writes \_ for _
        return [nodes.reference("", text, refuri=url, internal=False) if url else nodes.Text(text)]

    def outcome(self, entry: Contradiction) -> nodes.definition_list:
        """List what stands beside the claims, and the verdict."""
        data = entry.data
        parts: list[tuple[str, list[nodes.Node]]] = []
        if data.get("measurements"):
            lines = [f"{item['shows']}: {{measured}}`{item['probe']}`" for item in data["measurements"]]
            parts.append(("Measured here", [self.bullets(entry, "measurements", "probe", lines)]))
        if data.get("demonstrations"):
            lines = [f"{item['shows']}: `{item['path']}`" for item in data["demonstrations"]]
            parts.append(("Shown by running it", [self.bullets(entry, "demonstrations", "path", lines)]))
        if "reason" in data:
            reason = nodes.paragraph("", "", *self.inline(data["reason"], entry.line("reason")))
            parts.append(("Not measured here", [reason]))
        parts.append(("Verdict", self.block(data["verdict"].strip("\n"), entry.line("verdict"))))
        outcome = nodes.definition_list(classes=["contradiction-outcome"])
        for term, children in parts:
            outcome += nodes.definition_list_item("", nodes.term("", term), nodes.definition("", *children))
        self.set_source_info(outcome)
        return outcome

    def bullets(self, entry: Contradiction, array: str, key: str, lines: Sequence[str]) -> nodes.bullet_list:
        """List texts, each read as standing where its key stands."""
        bullets = nodes.bullet_list(bullet="*")
        for number, line in enumerate(lines):
            paragraph = nodes.paragraph("", "", *self.inline(line, entry.line(array, number, key)))
            bullets += nodes.list_item("", paragraph)
        return bullets

    def block(self, text: str, line: int) -> list[nodes.Node]:
        """Read a text of the entry as Markdown; MyST counts lines from the directive's own."""
        container = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines()), line - 1 - self.lineno, container)
        return list(container.children)


def _table(header: Sequence[str], rows: Sequence[Sequence[Sequence[nodes.Node]]]) -> nodes.table:
    """Make a table without a caption: the heading above it says what it holds."""
    group = nodes.tgroup(cols=len(header))
    for width in (4, 6, 3):
        group += nodes.colspec(colwidth=width)
    group += nodes.thead("", _row([[nodes.Text(text)] for text in header]))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group)


def _row(cells: Sequence[Sequence[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))
