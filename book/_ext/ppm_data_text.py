"""Read texts of data files as the book's Markdown, so that a mistake in one is reported with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class DataDirective(SphinxDirective):
    """A directive that shows texts of a data file."""

    def inline(self, text: str, line: int) -> list[nodes.Node]:
        """Read one line of the file that :meth:`reading` names as inline Markdown."""
        children, messages = self.state.inline_text(text, line - 1)  # MyST counts from 0
        return [*children, *messages]

    @contextmanager
    def reading(self, path: Path) -> Iterator[None]:
        """Let roles and parser report *path* as the place of a mistake, as MyST's own ``include`` does."""
        document, reporter = self.state.document, self.state.document.reporter
        before = document["source"], reporter.source, reporter.__dict__.get("get_source_and_line")
        document["source"] = reporter.source = str(path)
        reporter.get_source_and_line = lambda line: (str(path), line)
        try:
            yield
        finally:
            document["source"], reporter.source, function = before
            if function is None:
                del reporter.get_source_and_line
            else:
                reporter.get_source_and_line = function
