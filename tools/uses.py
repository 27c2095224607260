"""Which modules of ``examples/`` the fences of a page and the tests of a system run."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

from tools.pages import read_page
from tools.systems import System

#: Modules of a system's examples that ``examples/measure`` runs.
HARNESS = ("measure.py", "crosscheck.py")
_NAMED = re.compile(r"examples[./]\w+[./]\w+")
_FILE = re.compile(r"(\w+)\.py\b")


def modules_used(code: str, package: str = "") -> set[str]:
    """Full names of the modules under ``examples`` that *code* imports or names in a string, to run them by path.

    A bare name of a file or of a module in a string is one of *package*; a docstring names nothing.
    *code* is Python or a ``>>>`` session; what cannot be parsed uses nothing, because running it fails anyway.
    """
    if re.search(r"^\s*>>> ", code, re.MULTILINE):
        code = "".join(example.source for example in doctest.DocTestParser().get_examples(code))
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return set()
    found: set[str] = set()
    unused = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unused:
            found.update(name.replace("/", ".") for name in _NAMED.findall(node.value))
            found.update(f"{package}.{name}" for name in _FILE.findall(node.value))
            if node.value.isidentifier():
                found.add(f"{package}.{node.value}")
    return {name for name in found if name.startswith("examples.")}


def module_name(path: Path, root: Path) -> str:
    """Full name of the module at *path*."""
    return ".".join(path.relative_to(root).with_suffix("").parts)


def example_modules(system: System) -> Iterator[Path]:
    """The examples of *system*; what the measuring harness runs (:data:`HARNESS`) is none."""
    for path in sorted(system.examples.glob("*.py")):
        if path.name not in ("__init__.py", *HARNESS):
            yield path


def used_by_system(system: System) -> set[str]:
    """Modules that the fences of the system's page, its tests and the harness run, and those that these import."""
    codes = [fence.content for fence in read_page(system.page).fences if fence.language == "python"]
    codes += [path.read_text("utf8") for path in system.tests.rglob("*.py")]
    codes += [path.read_text("utf8") for name in HARNESS if (path := system.examples / name).exists()]
    package = f"examples.{system.module}"
    used: set[str] = set()
    waiting = set().union(*(modules_used(code, package) for code in codes))
    while waiting:
        used |= waiting
        files = [system.root / (name.replace(".", "/") + ".py") for name in waiting]
        found = (modules_used(path.read_text("utf8"), package) for path in files if path.exists())
        waiting = set().union(*found) - used
    return used
