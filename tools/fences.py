"""Sybil parsers for the book: one ``python`` fence is one example.

Sybil's own parser makes one example of each ``>>>`` line.  The book counts, skips and cites whole fences, so here a
session stays together: it is one test, ``% skip: next`` skips all of it, and a failure names its own line.
"""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterable
from pathlib import Path

from sybil import Document, Example, Region
from sybil.evaluators.doctest import DocTest, DocTestRunner
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract import AbstractCodeBlockParser
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer
from sybil.parsers.myst import SkipParser
from sybil.parsers.myst.lexers import DirectiveLexer
from sybil.region import Lexeme

LABEL = re.compile(r"^\(([^()\s]+)\)=[ \t]*$", re.MULTILINE)
SKIP = re.compile(r"^[ \t]*%[ \t]*skip:[^\n]*$", re.MULTILINE)
SKIP_WITH_REASON = re.compile(r"""%[ ]skip:[ ]next[ ](?:(['"]).+\1|if\(.+,\s*reason=.+\))[ \t]*$""")


class Runner(DocTestRunner):
    """Sybil's doctest runner, with the failing line in its report as the standard library writes it."""

    def __init__(self) -> None:
        # Lines after the first wrong one mostly fail because of it.
        super().__init__(doctest.REPORT_ONLY_FIRST_FAILURE)

    _failure_header = doctest.DocTestRunner._failure_header


class SessionEvaluator:
    """Run a ``>>>`` session and compare all of its output."""

    def __init__(self) -> None:
        self.parser = doctest.DocTestParser()

    def __call__(self, example: Example) -> str:
        __tracebackhide__ = True
        source = example.parsed
        statements = self.parser.get_examples(source, example.path)
        line = example.line + source.line_offset
        session = DocTest(statements, example.namespace, Path(example.path).stem, example.path, line, None)
        report: list[str] = []
        Runner().run(session, out=report.append, clear_globs=False)
        return "".join(report)


class FenceParser(AbstractCodeBlockParser):
    """Find ``python`` fences, and ``{code-block} python`` for those that need a caption."""

    def __init__(self) -> None:
        fence = FencedCodeBlockLexer(r".+", mapping={"language": "arguments", "source": "source"})
        super().__init__([fence, DirectiveLexer("code-block", arguments=".+")], "python")
        self.session = SessionEvaluator()
        self.code = PythonEvaluator()

    def __call__(self, document: Document) -> Iterable[Region]:
        for region in super().__call__(document):
            source = region.parsed
            start = region.start + source.offset
            before = document.text.count("\n", region.start, start)
            region.parsed = Lexeme(source, source.offset, before - 1)
            region.evaluator = self.session if source.startswith(">>>") else self.code
            yield region


class ReasonedSkipParser(SkipParser):
    """Sybil's skips, of which the book allows two: ``% skip: next "reason"`` and ``% skip: next if(…, reason=…)``."""

    def __call__(self, document: Document) -> Iterable[Region]:
        for match in SKIP.finditer(document.text):
            if not SKIP_WITH_REASON.match(match.group()):
                line = document.text.count("\n", 0, match.start()) + 1
                raise ValueError(
                    f"{document.path}:{line}: {match.group()!r} is not one of "
                    "'% skip: next \"reason\"' and '% skip: next if(condition, reason=\"…\")'"
                )
        yield from super().__call__(document)


def find_label(document: Document, position: int) -> str:
    """Return the nearest explicit label above *position*, or the empty string."""
    labels = [match.group(1) for match in LABEL.finditer(document.text, 0, position)]
    return labels[-1] if labels else ""
