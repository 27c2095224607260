"""A fault that is planted in a copy of the repository fails the check that is responsible, which names file and line.

Each check passes on the copy first, so that it is the fault that fails it.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.pages import read_page
from tools.structure import CRITERIA
from tools.systems import ROOT, System, load_systems

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".tox", ".venv", "build", "node_modules", "__pycache__", ".pytest_cache", ".ruff_cache"
)
SPHINX = (
    "sphinx",
    *["-q", "-n", "-W", "--keep-going", "-b", "dummy", "-c", ".", "-d", "build/doctrees", "book", "build/out"],
)


@dataclass(frozen=True)
class Copy:
    """The copy, and what ran on it before any fault was planted."""

    root: Path
    before: dict[tuple[str, ...], subprocess.CompletedProcess[str]]

    @property
    def system(self) -> System:
        """A system to plant faults in."""
        return next(system for system in load_systems(self.root).values() if system.page.exists())

    def run(self, check: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        """Run a module of Python, as a check, in the copy."""
        foreign = ("TOX", "PYTEST", "COV")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        # Sphinx leaves a report in the temporary folder of every build that an exception ends.
        environment["TMPDIR"] = str(self.root.parent)
        return subprocess.run(
            [sys.executable, "-m", *check], cwd=self.root, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf8", check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the repository, shared by the tests of this module; each puts back what it changed."""
    root = tmp_path_factory.mktemp("copy") / "book-of-faults"
    shutil.copytree(ROOT, root, ignore=LEFT_OUT)
    if (ROOT / "node_modules").exists():
        (root / "node_modules").symlink_to(ROOT / "node_modules", target_is_directory=True)
    return Copy(root, {})


# Each plants one fault and yields the file and the line that the check must name; then the file is as it was.


def edit(path: Path, change: Callable[[list[str]], int]) -> Iterator[tuple[Path, int]]:
    """Change the lines of *path*; *change* returns the number of the line at fault."""
    before = path.read_text("utf8")
    lines = before.splitlines(keepends=True)
    line = change(lines)
    path.write_text("".join(lines), "utf8")
    yield path, line
    path.write_text(before, "utf8")


def append(path: Path, text: str, line: int = 0) -> Iterator[tuple[Path, int]]:
    """Add *text* as a paragraph of its own at the end; the fault is in its line *line*."""

    def change(lines: list[str]) -> int:
        lines.append(f"\n{text}\n")
        return len(lines) + 1 + line

    yield from edit(path, change)


def wrong_output(copy: Copy) -> Iterator[tuple[Path, int]]:
    path = copy.root / "book" / "foundations" / "index.md"

    def change(lines: list[str]) -> int:
        for fence in read_page(path).fences:
            if fence.language == "python" and ">>>" in fence.content:
                for example in doctest.DocTestParser().get_examples(fence.content):
                    if example.want and not example.exc_msg:
                        statement = fence.line + example.lineno
                        lines[statement + example.source.count("\n")] = "'not what it prints'\n"
                        return statement + 1
        raise AssertionError(f"{path} has no example with output")

    yield from edit(path, change)


def deleted_label(copy: Copy) -> Iterator[tuple[Path, int]]:
    label = CRITERIA[-1].label(copy.system.id)

    def change(lines: list[str]) -> int:
        place = lines.index(f"({label})=\n")
        del lines[place]
        return place + 1

    yield from edit(copy.system.page, change)


def section_without_evidence(copy: Copy) -> Iterator[tuple[Path, int]]:
    first, after = read_page(copy.system.page).section(CRITERIA[-1].label(copy.system.id))

    def change(lines: list[str]) -> int:
        lines[first : after - 1] = ["\n", "A verdict that stands on nothing.\n", "\n"]
        return first

    yield from edit(copy.system.page, change)


def typed_number(copy: Copy) -> Iterator[tuple[Path, int]]:
    yield from append(copy.system.page, f"A task of {copy.system.name} costs 5 ms.")


def untested_fence(copy: Copy) -> Iterator[tuple[Path, int]]:
    yield from append(copy.system.page, "```bash\nrm -rf build\n```")


def expired_fact(copy: Copy) -> Iterator[tuple[Path, int]]:
    def change(lines: list[str]) -> int:
        place = next(number for number, line in enumerate(lines) if line.startswith("review_by"))
        lines[place] = "review_by = 2026-01-01\n"
        return place + 1

    data = copy.root / "book" / "_data" / "systems"
    path = next(path for path in sorted(data.glob("*.toml")) if "review_by" in path.read_text("utf8"))
    yield from edit(path, change)


def unused_example(copy: Copy) -> Iterator[tuple[Path, int]]:
    path = copy.system.examples / "send_nothing.py"
    path.write_text('"""Nobody runs this."""\n', "utf8")
    yield path, 1
    path.unlink()


def broken_diagram(copy: Copy) -> Iterator[tuple[Path, int]]:
    def change(lines: list[str]) -> int:
        place = next(number for number, line in enumerate(lines) if line.startswith("@enduml"))
        lines.insert(place, "this is -> no ( diagram\n")
        return place + 1

    yield from edit(copy.root / "diagrams" / copy.system.id / "architecture.puml", change)


def dead_reference(copy: Copy) -> Iterator[tuple[Path, int]]:
    yield from append(copy.system.page, "Read {ref}`no-such-section` on.")


def dead_link(copy: Copy) -> Iterator[tuple[Path, int]]:
    yield from append(copy.system.page, "Read [on](no-such-page.md).")


def pytest_check(*arguments: str) -> tuple[str, ...]:
    """A pytest run as a check."""
    return ("pytest", "-q", "-p", "no:cacheprovider", *arguments)


def structure_check(name: str) -> tuple[str, ...]:
    """One of the structure tests as a check."""
    return pytest_check(f"tests/book/test_structure.py::test_structure[{name}]")


FAULTS = {
    "wrong output": (wrong_output, pytest_check("book/foundations/index.md")),
    "deleted label": (deleted_label, structure_check("criteria")),
    "deleted label, in the lock": (deleted_label, pytest_check("tests/book/test_ids.py::test_ids_are_permanent")),
    "section without evidence": (section_without_evidence, SPHINX),
    "typed number": (typed_number, pytest_check("tests/book/test_typed_numbers.py", "-k", "is_typed")),
    "untested fence": (untested_fence, pytest_check("tests/book/test_fences.py", "-k", "accounted_for")),
    "expired fact": (expired_fact, pytest_check("tests/book/test_register.py", "-k", "past_its_review")),
    "unused example": (unused_example, structure_check("examples_used")),
    "diagram syntax error": (broken_diagram, SPHINX),
    "dead reference": (dead_reference, SPHINX),
    "dead link": (dead_link, SPHINX),
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(copy: Copy, name: str) -> None:
    plant, check = FAULTS[name]
    if check not in copy.before:
        copy.before[check] = copy.run(check)
    before = copy.before[check]
    assert before.returncode == 0, f"the check fails without the fault:\n{before.stdout[-4000:]}"
    for path, line in plant(copy):
        found = copy.run(check)
        assert found.returncode != 0, f"nothing noticed:\n{found.stdout[-4000:]}"
        place = rf"{re.escape(path.relative_to(copy.root).as_posix())}(:|\", line ){line}\b"
        assert re.search(place, found.stdout), f"{path}:{line} is not named:\n{found.stdout[-4000:]}"
        assert "Traceback (most recent call last)" not in found.stdout or name == "wrong output"
