"""What was measured so far: one line a finished group, on the disk before the next group begins.

``<system>.journal.jsonl`` begins with a line that says under which conditions it was begun (its *fingerprint*); a
line at the start of each pass and one after each group follow.
A run that was cut off goes on after the last whole line.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from examples.measure.spread import percentile

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

#: Version of the journal's own format.
FORMAT = 1

#: How a mismatch names the parts of a fingerprint.
_LABELS = {"harness": "version of the harness", "code": "commit of examples/ and uv.lock"}


class JournalError(RuntimeError):
    """The journal cannot be continued; the message says why and what to do."""


@dataclass
class Journal:
    """The journal of one system on one machine."""

    path: Path
    fingerprint: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)
    #: What a reader should know about the file, such as a line that was cut off.
    remarks: list[str] = field(default_factory=list)
    _file: TextIO | None = None

    def finished(self, number: int, group: str, selection: list[str]) -> bool:
        """Return whether pass *number* holds *group*, with at least the probes of *selection* (empty: all)."""
        for line in self.lines:
            if line.get("pass") == number and line.get("group") == group:
                kept = line.get("selection", [])
                if not kept or (selection and set(selection) <= set(kept)):
                    return True
        return False

    def names(self, number: int, group: str) -> set[str]:
        """Return the probes that pass *number* holds of *group*."""
        lines = [line for line in self.lines if line.get("pass") == number and line.get("group") == group]
        return {name for line in lines for name in line["entries"]}

    def memo(self) -> dict[str, Any]:
        """Return what earlier groups found out and later ones must do alike."""
        for line in reversed(self.lines):
            if "memo" in line:
                return dict(line["memo"])
        return {}

    def append(self, line: dict[str, Any]) -> None:
        """Write one line through to the disk."""
        self._file.write(_dump(line))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.lines.append(line)


@contextmanager
def opened(path: Path, fingerprint: dict[str, Any], fresh: bool = False) -> Iterator[Journal]:
    """Open the journal at *path*, or begin it.  *fresh* moves what is there aside, to ``*.jsonl.old``.

    Raises :class:`JournalError` when it was begun under other conditions, is damaged, or another run writes it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    journal = Journal(path, fingerprint)
    with path.open("a+", encoding="utf8") as file:  # each write goes to the end, also after the cut below
        _lock(file, path)
        if fresh and path.stat().st_size:
            shutil.copyfile(path, path.with_suffix(".jsonl.old"))
            file.truncate(0)
        lines, whole = _read(path, journal.remarks)
        if lines:
            _compare(path, lines[0].get("fingerprint", {}), fingerprint)
        file.truncate(whole)
        journal._file = file
        if not lines:
            journal.append({"journal": FORMAT, "fingerprint": fingerprint})
        journal.lines = lines[1:]
        yield journal


def drop_noisy(path: Path) -> list[str]:
    """Drop the groups that stayed noisy from the journal at *path*, keep a copy as ``*.old``, and return their names.

    What decides is the canary's mark, never the samples; the next run takes these groups again.
    Raises :class:`JournalError`, and changes nothing, when the journal is damaged or a run writes it.
    """
    with path.open("r+", encoding="utf8") as file:
        _lock(file, path)
        lines, _ = _read(path, [])
        kept = [line for line in lines if not line.get("noise", {}).get("marked")]
        if len(kept) < len(lines):
            shutil.copyfile(path, path.with_suffix(".jsonl.old"))
            file.writelines(map(_dump, kept))
            file.truncate()
    return [line["group"] for line in lines if line.get("noise", {}).get("marked")]


def _dump(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _lock(file: TextIO, path: Path) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise JournalError(f"{path}: another run writes this journal; wait for it or stop it") from None


def _read(path: Path, remarks: list[str]) -> tuple[list[dict[str, Any]], int]:
    """Return the whole lines and how many bytes they have; a last line that was cut off is left out with a remark."""
    content = path.read_bytes()
    lines, whole = [], 0
    for number, raw in enumerate(content.splitlines(keepends=True), start=1):
        try:
            if not raw.endswith(b"\n"):
                raise ValueError
            line = json.loads(raw)
            if not isinstance(line, dict) or (number == 1 and line.get("journal") != FORMAT):
                raise ValueError
        except ValueError:
            if whole + len(raw) == len(content):
                remarks.append(f"{path}:{number}: this line was cut off and is dropped; its group is measured again")
                break
            raise JournalError(f"{path}:{number}: not a line of a journal; --fresh starts a new one") from None
        lines.append(line)
        whole += len(raw)
    return lines, whole


def _compare(path: Path, before: dict[str, Any], now: dict[str, Any]) -> None:
    """Raise :class:`JournalError` that names what differs."""
    differences = []
    for key in {**before, **now}:
        old, new = before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            names = [name for name in sorted({**old, **new}) if old.get(name) != new.get(name)]
            differences += [f"{key} {name} was {_show(old.get(name))}, now {_show(new.get(name))}" for name in names]
        elif old != new:
            differences.append(f"{_LABELS.get(key, key)} was {_show(old)}, now {_show(new)}")
    if differences:
        raise JournalError(
            f"{path} was begun under other conditions: {'; '.join(differences)}. "
            "Restore them to go on, or start again with --fresh (the old journal is kept as *.jsonl.old)"
        )


def _show(value: Any) -> str:
    return "nothing" if value in (None, "", {}) else str(value)


def merge(lines: list[dict[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the probes with the samples of all passes, in the order of the passes, and what is known of each pass."""
    taken: dict[tuple[int, str], tuple[dict[str, Any], dict[str, Any]]] = {}
    background: dict[int, dict[str, Any]] = {}
    order: dict[str, None] = {}
    for line in lines:
        if "background" in line:
            # A pass that was interrupted has several; the first tells how it began.
            background.setdefault(line["pass"], {"pass": line["pass"], **line["background"]})
        for name, entry in line.get("entries", {}).items():
            taken[line["pass"], name] = entry, line.get("noise", {})  # a later line takes the place of an earlier one
            order[name] = None
    numbers = sorted({number for number, _ in taken} | set(background))
    probes = {}
    for name in order:
        parts = [(number, *taken[number, name]) for number in numbers if (number, name) in taken]
        entry = {key: value for key, value in parts[-1][1].items() if key != "samples"}
        ordered = {"unit": entry.pop("unit"), "samples": [sample for part in parts for sample in part[1]["samples"]]}
        ordered["passes"] = [len(part[1]["samples"]) for part in parts]
        noises = [part[2] for part in parts if "canary" in part[2]]
        if noises:
            ordered["noise"] = {
                "canary": max(noise["canary"] for noise in noises),
                "marked": any(noise.get("marked", False) for noise in noises),
            }
        probes[name] = ordered | entry
    return probes, [_of_pass(number, background.get(number, {"pass": number}), lines) for number in numbers]


def _of_pass(number: int, known: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    groups = [line for line in lines if line.get("pass") == number and "entries" in line]
    noises = [line["noise"] for line in groups if "canary" in line.get("noise", {})]
    found = {**known, "seconds": round(sum(line.get("seconds", 0) for line in groups), 1), "groups": len(groups)}
    if noises:
        spreads, medians = [noise["canary"] for noise in noises], [noise["canary_median"] for noise in noises]
        found["canary"] = {
            "median": statistics.median(medians),
            "spread_median": statistics.median(spreads),
            "spread_p95": round(percentile(spreads, 95), 4),
            "spread_max": max(spreads),
            "marked": sum(noise.get("marked", False) for noise in noises),
            "repeats": sum(noise.get("attempts", 1) - 1 for noise in noises),
            "dropped": sum(noise.get("dropped", 0) for noise in noises),
        }
        found |= {
            f"{key}_max": max(noise[key] for noise in noises if key in noise)
            for key in ("steal", "load")
            if any(key in noise for noise in noises)
        }
        if frequencies := [value for noise in noises for value in noise.get("frequency", [])]:
            found["frequency"] = [min(frequencies), max(frequencies)]
    return found
