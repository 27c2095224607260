"""Read and check the fault drills: ``_data/drills/<id>.toml``, one file a system.

A mistake is one :class:`~ppm_register.load.Problem` with file, line and key, as in the register; a file with a
mistake is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ppm_register.load import Problem, Register, did_you_mean, read_data
from ppm_register.toml_lines import line_of

FOLDER = "drills"


@dataclass(frozen=True)
class Drill:
    """One fault with one setting; ``lines`` has the line of each key."""

    path: Path
    data: dict[str, Any]
    lines: dict[str, int]

    @property
    def system(self) -> str:
        """The id of the system, which is the file's name."""
        return self.path.stem

    @property
    def fault(self) -> str:
        """The kind of fault, as in the schema."""
        return self.data["fault"]


def load(root: Path, register: Register) -> tuple[dict[str, list[Drill]], list[Problem]]:
    """Read the drills below a ``_data`` folder, by system."""
    found: dict[str, list[Drill]] = {}
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*.toml")):
        data, lines, wrong = read_data(path, "drills")
        if not wrong:
            drills = [
                Drill(path, entry, {key: line_of(lines, ("drills", number, key)) for key in entry})
                for number, entry in enumerate(data["drills"])
            ]
            wrong = list(_check(path, drills, register, root.parent.parent))
            if not wrong:
                found[path.stem] = drills
        problems += wrong
    return found, problems


def _check(path: Path, drills: list[Drill], register: Register, repository: Path) -> Iterator[Problem]:
    """Yield what a schema cannot say."""
    if path.stem not in register.systems:
        yield Problem(path, 1, f"no system {path.stem!r}{did_you_mean(path.stem, register.systems)}")
    ids: set[str] = set()
    for number, drill in enumerate(drills):

        def problem(key: str, message: str, drill: Drill = drill, number: int = number) -> Problem:
            return Problem(path, drill.lines[key], f"drills.{number}.{key}: {message}")

        name, effects, source = (drill.data[key] for key in ("id", "effects", "source"))
        why_id = _wrong_id(name, path.stem, ids)
        ids.add(name)
        if why_id:
            yield problem("id", why_id)
        if effects != sorted(effects):
            yield problem("effects", f"{effects} must be in order")
        if source not in register.sources:
            yield problem(
                "source", f"no source {source!r} in _data/sources/*.bib{did_you_mean(source, register.sources)}"
            )
        if not why_id and (why := _no_test(repository, drill)):
            yield problem("test", why)


def _wrong_id(name: str, system: str, above: set[str]) -> str:
    """Say what is wrong with an id; empty where nothing is."""
    if not name.startswith(f"{system}-"):
        return f"{name!r} must start with {system + '-'!r}"
    return f"{name!r} stands above already" if name in above else ""


def _no_test(repository: Path, drill: Drill) -> str:
    """Say why the test of a drill cannot have counted it; empty where it can."""
    module, _, name = drill.data["test"].partition("::")
    path = repository / module
    if not path.is_file():
        return f"no file {module!r}"
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            words = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
            return "" if drill.data["id"] in words else f"{name} does not name the drill {drill.data['id']!r}"
    return f"no function {name!r} in {module}"
