"""Run the page and the tests of one system in the environment that this interpreter belongs to.

``python -m tools.doctest_system ray [pytest arguments]``; ``general`` runs what belongs to no system: pages, and
the tests in ``tests/examples`` and ``tests/examples/general``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.leftovers import Machine, temporary_folder
from tools.systems import BOOK, GENERAL, ROOT, DataError, find_page_system, load_chapters


def find_paths(identifier: str) -> list[Path]:
    """Return what to run for *identifier*.  Raises :class:`DataError` when there is no such system."""
    systems = load_chapters()
    if identifier == GENERAL:
        pages = [page for page in sorted(BOOK.rglob("*.md")) if find_page_system(page, systems) is None]
        folder = ROOT / "tests" / "examples"
        own = folder / GENERAL
        return [*pages, *sorted(folder.glob("test_*.py")), *([own] if own.exists() else [])]
    if identifier not in systems:
        raise DataError(f"no system {identifier!r}; there are: {', '.join(systems)}, {GENERAL}")
    system = systems[identifier]
    if not system.page.exists():
        raise DataError(f"{system.page.relative_to(ROOT)}: the page of {system.name} is missing")
    return [system.page, *([system.tests] if system.tests.exists() else [])]


def main(arguments: list[str]) -> int:
    identifier, *rest = arguments
    try:
        paths = find_paths(identifier)
    except DataError as error:
        print(f"tools.doctest_system: {error}", file=sys.stderr)
        return 2
    names = [str(path.relative_to(ROOT)) for path in paths]
    # A new interpreter under the name of pytest: processes that an example spawns import the main module again, and
    # multiprocessing leaves out one that is a package's __main__.
    command = [sys.executable, "-m", "pytest", *names, "--system", identifier, *rest]
    # Somebody else's files in the temporary folder are nobody's fault but on a machine that runs this alone.
    machine = Machine(temporary=temporary_folder() if "--check-tree" in rest else None)
    code = subprocess.run(command, cwd=ROOT).returncode
    if left := machine.left():
        print("\n".join(["tools.doctest_system: left on the machine:", *(f"  {path}" for path in left)]))
        return code or 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
