"""Collect the pages of the book: every ``python`` fence is one test, in the order of the page.

All fences of a page share one namespace.  The engine of the page's system starts once a page, see ``tools/sandbox.py``.
"""

from __future__ import annotations

import unittest
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.evaluators.skip import Skipper
from sybil.example import Example
from sybil.integration.pytest import SybilFile, SybilItem

from tools.fences import FenceParser, ReasonedSkipParser, find_label
from tools.sandbox import EngineError, Leftovers, sandbox
from tools.systems import DataError, find_page_system, load_chapters


class Book(Sybil):
    """Names an example by the section it stands in and its line: ``ray-performance:120``."""

    def identify(self, example: Example) -> str:
        return f"{find_label(example.document, example.start) or Path(example.path).stem}:{example.line}"


PAGES = Book(parsers=[FenceParser(), ReasonedSkipParser()], pattern="*.md", fixtures=["_sandbox"])


class Fence(SybilItem):
    """One example, with the skip comments that stand before it."""

    def __init__(self, parent: Page, sybil: Sybil, example: Example, skips: list[Example]) -> None:
        super().__init__(parent, sybil, example)
        self.skips = skips
        #: Read by tools/record.py.
        self.section = find_label(example.document, example.start)

    def setup(self) -> None:
        # Unlike Sybil, keep fixtures out of the page's namespace.
        self._request._fillfixtures()

    def runtest(self) -> None:
        try:
            for skip in self.skips:
                skip.evaluate()
            super().runtest()
        except unittest.SkipTest as skipped:
            raise pytest.skip.Exception(str(skipped), _use_item_location=True) from None

    def _traceback_filter(self, excinfo: pytest.ExceptionInfo[BaseException]):
        # From the page on: what Sybil does to get there says nothing about the example.
        return excinfo.traceback.cut(path=self.path)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: str | None = None):
        # The long style shows all of the page above the failing line.
        return super().repr_failure(excinfo, style or "short")

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.example.line - 1, self.name


class Page(SybilFile):
    """A page of the book."""

    def collect(self):
        (sybil,) = self.sybils
        try:
            document = sybil.parse(self.path)
        except ValueError as error:
            raise self.CollectError(str(error)) from None
        # What a reader's own session would say of the functions and classes defined on the page.
        document.namespace["__name__"] = "__main__"
        self.documents.append(document)
        skips: list[Example] = []
        for example in document.examples():
            if isinstance(example.region.evaluator, Skipper):
                skips.append(example)
            else:
                yield Fence.from_parent(self, sybil=sybil, example=example, skips=skips)
                skips = []
        if skips:
            raise self.CollectError(f"{self.path}:{skips[0].line}: no python fence follows this skip")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Page | None:
    if not PAGES.should_parse(file_path):
        return None
    return Page.from_parent(parent, path=file_path, sybils=[PAGES])


@pytest.fixture(scope="module")
def _sandbox(request: pytest.FixtureRequest):
    page = request.node
    try:
        system = find_page_system(page.path, load_chapters())
    except DataError as error:
        pytest.fail(str(error), pytrace=False)
    try:
        with sandbox(system, page.documents[0].namespace, request.config.getoption("--check-tree")):
            yield
    except (Leftovers, EngineError) as error:
        pytest.fail(str(error), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]):
    """Keep what ``-k`` and node ids selected, and the earlier fences of the page, which it builds on."""
    collected = list(items)
    result = yield
    last = {item.parent: item.example.line for item in items if isinstance(item, Fence)}
    chosen = set(items)
    chosen |= {item for item in collected if isinstance(item, Fence) and item.example.line < last.get(item.parent, 0)}
    added = [item for item in items if item not in set(collected)]  # by other plugins, such as tools/record.py
    items[:] = [item for item in collected if item in chosen] + added
    return result
