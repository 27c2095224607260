"""A part's page of traps names every trap of the part, and for each who met it and what to do instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.pages import read_page

BOOK = Path(__file__).resolve().parents[2] / "book"
#: The parts that have such a page, and how many entries it has at least.
PARTS = {"single-computer-parallelization": 20, "distributed-computing-frameworks": 10}
in_each_part = pytest.mark.parametrize("part", [BOOK / name for name in PARTS], ids=list(PARTS))
REFERENCE = re.compile(r"\{ref\}`(?:[^`<]*<)?([a-z0-9-]+)>?`")


@in_each_part
def test_every_trap_of_the_part_is_in_the_index(part: Path) -> None:
    listed = set(REFERENCE.findall((part / "traps.md").read_text("utf8")))
    missing = [
        f"{path.name}:{heading.line}: {heading.label}"
        for path in sorted(part.glob("*.md"))
        for heading in read_page(path).headings
        if heading.title.startswith("Trap: ") and heading.label not in listed
    ]
    assert not missing, "\n" + "\n".join(missing)


@in_each_part
def test_every_entry_says_who_met_it_what_to_do_and_where_it_runs(part: Path) -> None:
    text = (part / "traps.md").read_text("utf8")
    entries = [entry for entry in re.split(r"\n\n", text) if re.search(r"^: ", entry, re.MULTILINE)]
    assert len(entries) >= PARTS[part.name]
    for entry in entries:
        symptom, *lines = entry.splitlines()
        assert lines[0].startswith(": ") and lines[1].startswith("  Instead: "), symptom
        assert lines[-1].startswith("  Runs in {ref}`"), symptom
        assert "{cite:p}`" in entry, f"who met it? {symptom}"


@in_each_part
def test_every_section_named_runs_or_shows_a_module(part: Path) -> None:
    shown = {label for path in BOOK.rglob("*.md") for label in _sections_with_code(path)}
    named = {
        label
        for line in (part / "traps.md").read_text("utf8").splitlines()
        if line.startswith("  Runs in ")
        for label in REFERENCE.findall(line)
    }
    assert named and not named - shown


def _sections_with_code(path: Path) -> Iterator[str]:
    """The labels of the sections of a page in which, or below which, Python stands."""
    page = read_page(path)
    code = [fence.line for fence in page.fences if fence.language == "python" or fence.directive == "literalinclude"]
    for number, heading in enumerate(page.headings):
        after = (other.line for other in page.headings[number + 1 :] if other.level <= heading.level)
        end = next(after, float("inf"))
        if heading.label and any(heading.line < line < end for line in code):
            yield heading.label
