"""The result file of one system: what the journal holds, with its provenance, written whole or not at all."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from examples.measure import journal

#: Version of the result file; the schema is ``book/_data/schema/measurement.json``.
SCHEMA = 2


class ResultError(ValueError):
    """A file is no result; the message names it."""


def assemble(known: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the result of a journal's *lines*; *known* holds what stands above the probes.

    Raises :class:`ResultError` when nothing was measured yet.
    """
    probes, passes = journal.merge(lines)
    if not probes:
        raise ResultError(f"{known['system']}: nothing was measured")
    newest = max((one for one in passes if "metadata" in one), key=lambda one: one["pass"], default={})
    background = {
        "loadavg": passes[0].get("loadavg", []),
        "metadata": newest.get("metadata", {}),
        "passes": [{key: value for key, value in one.items() if key != "metadata"} for one in passes],
    }
    settings = known["settings"] | {"passes": len(passes)}
    return known | {"schema": SCHEMA, "settings": settings, "background": background, "probes": probes}


def write(target: Path, result: dict[str, Any]) -> None:
    """Write *result* as JSON, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    text = json.dumps(result, indent=1, ensure_ascii=False)
    try:
        # One line for each list of samples keeps the file readable and its changes reviewable.
        partial.write_text(_join_numbers(text) + "\n", "utf8")
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def _join_numbers(text: str) -> str:
    return re.sub(r"\[\s+([-\d.e+,\s]+?)\s+\]", lambda match: "[" + re.sub(r"\s+", " ", match[1]) + "]", text)


def read(path: Path) -> dict[str, Any]:
    """Return the result in the file at *path*.  Raises :class:`ResultError`."""
    try:
        found = json.loads(path.read_text("utf8"))
    except OSError as error:
        raise ResultError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ResultError(f"{path}: not JSON: {error}") from None
    if not isinstance(found, dict) or not {"system", "probes", "machine"} <= found.keys():
        raise ResultError(f"{path}: not a result of the harness")
    return found


def read_all(path: Path) -> dict[str, dict[str, Any]]:
    """Return the results of a file, or of every ``*.json`` in a folder, by system.  Raises :class:`ResultError`."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise ResultError(f"{path}: no result in this folder")
    results = [read(file) for file in files]
    return {result["system"]: result for result in results}
