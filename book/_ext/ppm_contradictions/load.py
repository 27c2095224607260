"""Read and check the ledger of contradictions: ``_data/contradictions/<id>.toml``, one file an entry.

A mistake is one :class:`~ppm_register.load.Problem` with file, line and key, as in the register; a file with
a mistake is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ppm_register.load import Problem, Source, did_you_mean, read_data
from ppm_register.toml_lines import line_of

FOLDER = "contradictions"
#: What stands behind a verdict; an entry has one of them at least.
EVIDENCE = ("measurements", "demonstrations", "reason")


@dataclass(frozen=True)
class Contradiction:
    """One entry: a question, the claims that answer it differently, and the verdict."""

    path: Path
    data: dict[str, Any]
    lines: dict[tuple[str, ...], int]

    @property
    def id(self) -> str:
        """The id, which is the file's name."""
        return self.data["id"]

    @property
    def label(self) -> str:
        """The permanent label of the entry's section."""
        return f"contradiction-{self.id}"

    def line(self, *keys: object) -> int:
        """Return the line of a key path, such as ``("claims", 1, "text")``."""
        return self.line_of_path(keys)

    def line_of_path(self, keys: Sequence[object]) -> int:
        """Return the line of a key path that is given as one argument."""
        return line_of(self.lines, keys)


def load(root: Path, sources: Mapping[str, Source]) -> tuple[dict[str, Contradiction], list[Problem]]:
    """Read the entries below a ``_data`` folder, by id; *sources* are the known bibliography entries."""
    entries, problems = {}, []
    for path in sorted((root / FOLDER).glob("*.toml")):
        data, lines, found = read_data(path, "contradiction")
        if not found:
            entry = Contradiction(path, data, lines)
            found = list(_check(entry, sources, root.parent.parent))
            if not found:
                entries[entry.id] = entry
        problems += found
    return entries, problems


def _check(entry: Contradiction, sources: Mapping[str, Source], repository: Path) -> Iterator[Problem]:
    """Yield what a schema cannot say, or says badly."""

    def problem(message: str, *keys: object) -> Problem:
        return Problem(entry.path, entry.line(*keys), message)

    if entry.id != entry.path.stem:
        yield problem(f"id {entry.id!r} must be the file's name, {entry.path.stem!r}", "id")
    if len(entry.data["claims"]) < 2:
        yield problem("claims: one claim contradicts nothing; there must be two at least", "claims", 0)
    for number, claim in enumerate(entry.data["claims"]):
        if claim["source"] not in sources:
            hint = did_you_mean(claim["source"], sources)
            message = f"claims.{number}.source: no source {claim['source']!r} in _data/sources/*.bib{hint}"
            yield problem(message, "claims", number, "source")
    if not any(entry.data.get(key) for key in EVIDENCE):
        yield problem(f"one of {', '.join(EVIDENCE)} must say what stands behind the verdict", "verdict")
    if entry.data.get("reason") and (entry.data.get("measurements") or entry.data.get("demonstrations")):
        yield problem("reason: says why nothing was measured, but there is a measurement or a demonstration", "reason")
    for number, shown in enumerate(entry.data.get("demonstrations", ())):
        if not (repository / shown["path"]).is_file():
            yield problem(f"demonstrations.{number}.path: no file {shown['path']!r}", "demonstrations", number, "path")
