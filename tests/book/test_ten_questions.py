"""Ten questions of readers, from real threads, are each answered by a section that has evidence."""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tools.pages import Page, find_pages, read_page

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "book" / "_ext") not in sys.path:
    sys.path.insert(0, str(ROOT / "book" / "_ext"))

from ppm_register.load import Source, read_sources  # noqa: E402 - the path comes first

QUESTIONS = tomllib.loads((ROOT / "book" / "_data" / "questions" / "one-computer.toml").read_text("utf8"))["questions"]
#: Where people ask: a thread of a tracker, or a question with its answers.
THREAD = re.compile(r"https://(github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+|stackoverflow\.com/questions/\d+)$")
#: Roles and directives that show a source, a measurement or a module that a fence or a test runs.
EVIDENCE_ROLE = re.compile(r"\{(cite:\w+|fact|measured|claim)\}`")
EVIDENCE_DIRECTIVES = {
    "literalinclude", "measurement-table", "measurement-plot", "system-table", "contradictions", "decision-tree",
}  # fmt: skip


@cache
def sources() -> dict[str, Source]:
    return read_sources(ROOT / "book" / "_data" / "sources")[0]


@cache
def homes() -> dict[str, Page]:
    """Every label of the book with its page."""
    return {heading.label: page for page in map(read_page, find_pages()) for heading in page.headings if heading.label}


def evidence(page: Page, label: str) -> list[str]:
    """What the section with *label* shows, its subsections counted in: examples, directives, roles."""
    first, after = page.section(label)
    found = [
        fence.directive or fence.language
        for fence in page.fences
        if first < fence.line < after and (fence.language == "python" or fence.directive in EVIDENCE_DIRECTIVES)
    ]
    text = "\n".join(text for line, text in page.prose if first < line < after)
    return [*found, *EVIDENCE_ROLE.findall(text)]


def test_there_are_ten_and_each_comes_from_a_thread_of_its_own() -> None:
    assert len(QUESTIONS) == 10
    for key in ("id", "question", "source"):
        assert len({question[key] for question in QUESTIONS}) == 10, key


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["id"] for question in QUESTIONS])
def test_a_question_is_answered(question: dict[str, str]) -> None:
    assert question["question"].rstrip().endswith("?") and question["answer"].rstrip().endswith(".")
    assert question["source"] in sources(), f"no source {question['source']!r} in book/_data/sources/*.bib"
    url = sources()[question["source"]].url
    assert THREAD.match(url), f"{question['source']}: {url} is no thread"
    label = question["section"]
    assert label in homes(), f"no section of the book has the label {label!r}"
    assert evidence(homes()[label], label), f"section {label!r} has no example, no measurement and no source"


def test_a_page_of_the_part_shows_them() -> None:
    page = homes()["one-computer-questions"]
    first, after = page.section("one-computer-questions")
    shown = [fence for fence in page.fences if fence.directive == "questions" and first < fence.line < after]
    assert [fence.argument for fence in shown] == ["one-computer"]


def test_a_section_without_evidence_is_found(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(
        "# P\n\n(a)=\n## A\n\nText.\n\n(b)=\n## B\n\n### C\n\nText {cite:p}`x`.\n\n```python\n1\n```\n", "utf8"
    )
    page = read_page(path)
    assert evidence(page, "a") == [] and len(evidence(page, "b")) == 2
