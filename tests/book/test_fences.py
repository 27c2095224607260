"""Every fence of the book is accounted for: run, parsed, or declared as output or pseudo-code."""

from __future__ import annotations

from pathlib import Path

import pytest
from sybil import Document

from tools.fence_rules import check_page
from tools.fences import FenceParser, ReasonedSkipParser
from tools.pages import find_pages, read_page
from tools.systems import BOOK, ROOT

PAGES = find_pages()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(BOOK).as_posix())
def test_every_fence_is_accounted_for(page: Path) -> None:
    problems = check_page(page)
    name = page.relative_to(ROOT)
    assert not problems, "\n" + "\n".join(f"{name}:{line}: {message}" for line, message in problems)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(BOOK).as_posix())
def test_every_python_fence_is_a_test(page: Path) -> None:
    """What MyST shows as Python is what Sybil runs."""
    shown = [fence.line for fence in read_page(page).fences if fence.language == "python"]
    assert [example.line for example in Document.parse(str(page), FenceParser())] == shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(BOOK).as_posix())
def test_every_skip_has_a_reason(page: Path) -> None:
    Document.parse(str(page), ReasonedSkipParser())
