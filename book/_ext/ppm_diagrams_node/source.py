"""Read a .puml with the files that it includes, remembering where each line came from.

Includes are resolved here because the engine has no file system, and because the build must know what a diagram
depends on: the text that results is what is rendered and what the cache is keyed by.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

_INCLUDE = re.compile(r"^\s*!include(?P<kind>\w*)\s+(?P<target>.+?)\s*$")
_BOUNDARY = re.compile(r"^\s*@(start|end)uml\b")


class SourceError(Exception):
    """A file that cannot be read or included; the message says which, and where it was asked for."""


@dataclass
class Source:
    """The text of a diagram, its includes in place."""

    path: Path
    lines: list[str] = field(default_factory=list)
    #: Where each line stands: (file, line number).
    origins: list[tuple[Path, int]] = field(default_factory=list)
    #: The diagram's file and every file it includes.
    files: list[Path] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def origin(self, line: int) -> tuple[Path, int]:
        """The file and line behind line ``line`` (from 1) of the text."""
        return self.origins[min(max(line, 1), len(self.origins)) - 1]


def read_source(path: Path) -> Source:
    """Read ``path`` and, in place of each ``!include``, the file it names, relative to the including file."""
    source = Source(path)
    _read(source, path, f"{path}")
    if not source.lines:
        raise SourceError(f"{path}:1: the diagram is empty")
    return source


def _read(source: Source, path: Path, asked_by: str, within: tuple[Path, ...] = ()) -> None:
    try:
        lines = path.read_text("utf8").splitlines()
    except OSError as error:
        raise SourceError(f"{asked_by}: cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SourceError(f"{asked_by}: {path} is not UTF-8") from None
    if path not in source.files:
        source.files.append(path)
    for number, line in enumerate(lines, 1):
        if match := _INCLUDE.match(line):
            _include(source, path, number, match, within)
        elif not (within and _BOUNDARY.match(line)):  # an included file may be a diagram of its own
            source.lines.append(line)
            source.origins.append((path, number))


def _include(source: Source, path: Path, number: int, match: re.Match, within: tuple[Path, ...]) -> None:
    here = f"{path}:{number}"
    kind, target = match["kind"], match["target"]
    if kind not in ("", "_once", "_many") or target.startswith("<") or "://" in target:
        raise SourceError(f"{here}: only files beside the diagrams can be included, not {match[0].strip()!r}")
    included = (path.parent / target.strip('"')).resolve()
    if included in within or included == path:
        raise SourceError(f"{here}: {target} includes itself")
    if kind == "_once" and included in source.files:
        return
    _read(source, included, here, (*within, path.resolve()))
