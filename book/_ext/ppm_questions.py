"""The directive ``{questions} id``: what readers asked, from ``_data/questions/<id>.toml``, with thread and answer.

A mistake in the data is one error with file, line and key, whether a page shows the questions or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from ppm_data_text import DataDirective
from ppm_register.domain import domain_of
from ppm_register.load import Problem, Source, did_you_mean, read_data
from ppm_register.toml_lines import line_of
from sphinx.util import logging

logger = logging.getLogger(__name__)
FOLDER = "questions"
KEYS = ("id", "question", "answer", "source", "section")


def load(root: Path, sources: Mapping[str, Source]) -> tuple[dict[str, list[dict[str, Any]]], list[Problem]]:
    """Read the questions below a ``_data`` folder by file; each also holds ``lines``, the line of each of its keys."""
    found: dict[str, list[dict[str, Any]]] = {}
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*.toml")):
        data, lines, wrong = read_data(path, "questions")
        wrong = wrong or list(_check(path, data["questions"], lines, sources))
        if not wrong:
            found[path.stem] = [
                entry | {"lines": {key: line_of(lines, ("questions", number, key)) for key in KEYS}}
                for number, entry in enumerate(data["questions"])
            ]
        problems += wrong
    return found, problems


def _check(
    path: Path, entries: list[dict[str, str]], lines: dict[tuple[str, ...], int], sources: Mapping[str, Source]
) -> Iterator[Problem]:
    """Yield what a schema cannot say."""
    ids: set[str] = set()
    for number, entry in enumerate(entries):
        if entry["id"] in ids:
            line = line_of(lines, ("questions", number, "id"))
            yield Problem(path, line, f"questions.{number}.id: {entry['id']!r} stands above already")
        ids.add(entry["id"])
        if entry["source"] not in sources:
            hint = did_you_mean(entry["source"], sources)
            line = line_of(lines, ("questions", number, "source"))
            message = f"questions.{number}.source: no source {entry['source']!r} in _data/sources/*.bib{hint}"
            yield Problem(path, line, message)


class Questions(DataDirective):
    """A numbered list: the question with its thread, and below it the short answer with the section that answers it."""

    has_content = False
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the list, or nothing after an error."""
        root = Path(self.env.srcdir) / "_data"
        found, problems = load(root, domain_of(self.env).register.sources)
        name = self.arguments[0]
        path = root / FOLDER / f"{name}.toml"
        self.env.note_dependency(str(path))
        if name not in found:
            broken = any(problem.path.stem == name for problem in problems)
            why = f"the data of {name!r} has errors, reported above" if broken else f"unknown questions {name!r}"
            hint = "" if broken else did_you_mean(name, found)
            logger.error("{questions}: %s%s", why, hint, location=self.get_location(), type="ppm")
            return []
        listing = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".", classes=["reader-questions"])
        with self.reading(path):
            for entry in found[name]:
                asked = nodes.emphasis("", "", *self.inline(entry["question"], entry["lines"]["question"]))
                thread = self.inline(f"{{cite:p}}`{entry['source']}`", entry["lines"]["source"])
                answer = self.inline(entry["answer"], entry["lines"]["answer"])
                section = self.inline(f"{{ref}}`{entry['section']}`", entry["lines"]["section"])
                told = nodes.paragraph("", "", *answer, nodes.Text(" See "), *section, nodes.Text("."))
                listing += nodes.list_item("", nodes.paragraph("", "", asked, nodes.Text(" "), *thread), told)
        self.set_source_info(listing)
        return [listing]


def report_problems(app: Any) -> None:
    """Log each mistake in the data as one line with its place."""
    _, problems = load(Path(app.srcdir) / "_data", domain_of(app.env).register.sources)
    for problem in problems:
        logger.error("%s", problem.message, location=f"{problem.path}:{problem.line}", type="ppm")


def setup(app: Any) -> dict[str, Any]:
    """Add the directive to Sphinx; sources come from the register."""
    app.setup_extension("ppm_register")
    app.add_directive("questions", Questions)
    app.connect("builder-inited", report_problems)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
