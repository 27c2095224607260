"""The lock of permanent section ids: ``python -m tools.ids`` checks it, ``--update`` rewrites it.

``book/_data/ids.lock`` lists every section id that was ever published, sorted, one a line.  An id that is on no page
any more must say in ``book/_data/redirects.toml`` where it went; it stays in the lock, because it stays valid.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools.pages import ROOT, read_pages

_LABEL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class BrokenRedirects(ValueError):
    """redirects.toml cannot be read; the message names file and line."""


@dataclass(frozen=True)
class Place:
    """Where a label stands."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass
class Ids:
    """The ids of a book: those on its pages, those in the lock, and the redirects."""

    root: Path
    labels: dict[str, list[Place]]
    unlabeled: list[Place]
    locked: dict[str, Place]
    redirects: dict[str, str]
    redirect_lines: dict[str, Place]

    def problems(self) -> list[str]:
        """Everything that is wrong, each with file and line."""
        return [
            *self.label_problems(),
            *self.redirect_problems(),
            *(
                f"{place}: {label!r} is on no page: restore it, or add '{label} = \"new-id\"' to "
                "book/_data/redirects.toml"
                for label, place in self.locked.items()
                if label not in self.labels and label not in self.redirects
            ),
            *(
                f"{places[0]}: {label!r} is not in book/_data/ids.lock: run 'tox -e ids'"
                for label, places in self.labels.items()
                if label not in self.locked
            ),
        ]

    def label_problems(self) -> list[str]:
        """Sections without a label, labels that are written wrongly, and labels that stand twice."""
        return [
            *(
                f"{place}: heading without an explicit label, (like-this)= on the line above"
                for place in self.unlabeled
            ),
            *(
                f"{place}: {label!r} is not a label: lower-case words and digits with single hyphens between them"
                for label, places in self.labels.items()
                for place in places
                if not _LABEL.fullmatch(label)
            ),
            *(
                f"{place}: duplicate label {label!r}, first at {places[0]}"
                for label, places in self.labels.items()
                for place in places[1:]
            ),
        ]

    def redirect_problems(self) -> list[str]:
        """Redirects from an id that is still there, and redirects that lead nowhere."""
        found = []
        for old, new in self.redirects.items():
            place = self.redirect_lines[old]
            if old in self.labels:
                found.append(f"{place}: {old!r} is still on a page ({self.labels[old][0]}), so it needs no redirect")
            if new not in self.labels:
                found.append(f"{place}: {old!r} leads to {new!r}, which is on no page")
        return found


def read_ids(root: Path = ROOT) -> Ids:
    """Read the ids of the book at *root*; paths in the result are relative to it."""
    labels: dict[str, list[Place]] = {}
    unlabeled = []
    for page in read_pages(root):
        for heading in page.headings:
            place = Place(page.path.relative_to(root), heading.line - 1 if heading.label else heading.line)
            if heading.label:
                labels.setdefault(heading.label, []).append(place)
            else:
                unlabeled.append(place)
    # The ledger's directive makes a section of each file, with the file's name in its label.
    for path in sorted((root / "book" / "_data" / "contradictions").glob("*.toml")):
        labels.setdefault(f"contradiction-{path.stem}", []).append(Place(path.relative_to(root), 1))
    lock = root / "book" / "_data" / "ids.lock"
    lines = lock.read_text("utf8").splitlines() if lock.exists() else []
    locked = {text: Place(lock.relative_to(root), n) for n, text in enumerate(lines, 1) if text}
    path = root / "book" / "_data" / "redirects.toml"
    text = path.read_text("utf8") if path.exists() else ""
    redirects = {old: new for old, new in _parse(text, path.relative_to(root)).items() if isinstance(new, str)}
    places = {
        old: Place(
            path.relative_to(root),
            next(
                (n for n, line in enumerate(text.splitlines(), 1) if line.split("=")[0].strip().strip("\"'") == old), 1
            ),
        )
        for old in redirects
    }
    return Ids(root, labels, unlabeled, locked, redirects, places)


def _parse(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise BrokenRedirects(f"{path}:{line[1] if line else 1}: not TOML: {error}") from None


def update(root: Path = ROOT) -> list[str]:
    """Add the ids of the pages to the lock; return what only a person can put right."""
    ids = read_ids(root)
    every = sorted({*ids.locked, *ids.labels})
    (root / "book" / "_data" / "ids.lock").write_text("".join(f"{label}\n" for label in every), "utf8")
    return read_ids(root).problems()


def main(arguments: list[str] | None = None) -> int:
    """Check or update; problems go to standard error, one a line."""
    parser = argparse.ArgumentParser(prog="python -m tools.ids", description=__doc__.partition("\n")[0])
    parser.add_argument("--update", action="store_true", help="add new ids to book/_data/ids.lock")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        problems = update(options.root) if options.update else read_ids(options.root).problems()
    except BrokenRedirects as error:
        problems = [str(error)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
