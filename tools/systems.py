"""The systems of the book, read from ``book/_data/systems/*.toml``, and what is measured without a chapter.

Only what the runner needs; ``book/_ext/ppm_register.py`` validates the files in full.
The standard library suffices to import this module, because tox does so before any environment exists.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"

#: The id under which the pages that belong to no system run, as in ``book/_data/sources/general.bib``.
GENERAL = "general"


class DataError(ValueError):
    """A data file is wrong; the message names it."""


class Files:
    """Where the files of an id lie: one id, one folder in each of book, examples and tests."""

    id: str
    part: str
    root: Path

    @property
    def module(self) -> str:
        """The id as Python writes it."""
        return self.id.replace("-", "_")

    @property
    def page(self) -> Path:
        return self.root / "book" / self.part / f"{self.id}.md"

    @property
    def examples(self) -> Path:
        return self.root / "examples" / self.module

    @property
    def tests(self) -> Path:
        return self.root / "tests" / "examples" / self.module

    @property
    def engine(self) -> Path:
        return self.tests / "engine.py"


@dataclass(frozen=True)
class System(Files):
    """One way to run Python in parallel; every path of it follows from its id."""

    id: str
    name: str
    part: str
    distribution: str
    version: str
    root: Path = ROOT

    @property
    def record(self) -> Path:
        """The committed evidence record."""
        return self.root / "book" / "_data" / "evidence" / f"{self.id}.json"


@dataclass(frozen=True)
class Subject(Files):
    """What is measured and has no chapter; ``book/_data/measured/<id>.toml`` describes it."""

    id: str
    name: str
    distribution: str
    root: Path = ROOT
    #: Whether its figures stand beside those of others.
    compared: bool = True
    #: Part that has a page about it, under its id and run in an environment of its own; empty where none has.
    part: str = ""

    @property
    def data(self) -> Path:
        return self.root / "book" / "_data" / "measured" / f"{self.id}.toml"


def load_systems(root: Path = ROOT) -> dict[str, System]:
    """Return every system by id, sorted by id.  Raises :class:`DataError` for a file that cannot be read."""
    systems = {}
    for path in sorted((root / "book" / "_data" / "systems").glob("*.toml")):
        fields = _read(path, ("id", "name", "part", "distribution", "version"), root)
        systems[path.stem] = System(*fields, root=root)
    return systems


def load_subjects(root: Path = ROOT) -> dict[str, Subject]:
    """Return what is measured without a chapter by id.  Raises :class:`DataError` for a file that cannot be read."""
    subjects = {}
    for path in sorted((root / "book" / "_data" / "measured").glob("*.toml")):
        fields = _read(path, ("id", "name", "distribution"), root)
        table = tomllib.loads(path.read_text("utf8"))
        subjects[path.stem] = Subject(
            *fields, root=root, compared=table.get("compared", True), part=table.get("part", "")
        )
    return subjects


def load_chapters(root: Path = ROOT) -> dict[str, System | Subject]:
    """Return what has a page and an environment of its own: every system, and each subject that names a part."""
    subjects = {name: subject for name, subject in load_subjects(root).items() if subject.part}
    return {**load_systems(root), **subjects}


def _read(path: Path, keys: tuple[str, ...], root: Path) -> list[str]:
    """Return the texts of *keys*, of which the first is the id."""
    try:
        table = tomllib.loads(path.read_text("utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path.relative_to(root)}: {error}") from None
    for key in keys:
        if not isinstance(table.get(key), str):
            raise DataError(f"{path.relative_to(root)}: the key {key!r} is missing or is not text")
    if table["id"] != path.stem:
        raise DataError(f"{path.relative_to(root)}: id is {table['id']!r}, the file's name says {path.stem!r}")
    if path.stem == GENERAL:
        raise DataError(f"{path.relative_to(root)}: {GENERAL!r} is reserved for the pages that belong to no system")
    return [table[key] for key in keys]


def load_groups(root: Path = ROOT) -> set[str]:
    """Return the names of the dependency groups in pyproject.toml."""
    return set(tomllib.loads((root / "pyproject.toml").read_text("utf8")).get("dependency-groups", {}))


def find_page_system(page: Path, systems: dict[str, System | Subject]) -> System | Subject | None:
    """Return which of *systems* the *page* belongs to, or None for a page of the book's own."""
    system = systems.get(page.stem)
    return system if system is not None and system.page == page else None
