"""Find the line of a key in a TOML file: tomllib keeps no positions, and an error without a line is hard to act on."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"\s*\[\[?\s*(?P<name>[^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(
    r"""\s*(?P<name>(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_TABLE_OF_ARRAY = re.compile(r"^\[\[\s*(?P<name>[\w-]+)\s*\]\]", re.MULTILINE)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(name))


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """Map each key path of a TOML text, and each table header, to its line (from 1)."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    closing = ""  # the quotes that end the multi-line string we are in
    for number, line in enumerate(text.splitlines(), 1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if match := _HEADER.match(line):
            table = _parts(match["name"])
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            path = (*table, *_parts(match["name"]))
            for size in range(len(table) + 1, len(path) + 1):
                lines.setdefault(path[:size], number)
            rest = line[match.end() :]
            closing = next((quotes for quotes in ('"""', "'''") if rest.count(quotes) % 2), "")
    return lines


def array_lines(text: str) -> dict[tuple[str, ...], int]:
    """Map key paths to lines as :func:`key_lines` does, with the place in its array for a ``[[table]]``."""
    counts: dict[str, int] = {}

    def numbered(match: re.Match[str]) -> str:
        name = match["name"]
        counts[name] = counts.get(name, -1) + 1
        return f"[{name}.{counts[name]}]"

    return key_lines(_TABLE_OF_ARRAY.sub(numbered, text))


def line_of(lines: dict[tuple[str, ...], int], path: Sequence[object]) -> int:
    """Return the line of a key path, or of the nearest table around it."""
    keys = tuple(str(key) for key in path)
    return next((lines[keys[:size]] for size in range(len(keys), 0, -1) if keys[:size] in lines), 1)
