"""What follows from measurements, from ``examples.measure.analysis``, kept between builds.

The analysis draws thousands of resamples, which takes seconds a file; its result depends on nothing but the samples and
its own text, so a folder beside Sphinx's own files keeps it under a hash of both.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import importlib.util
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

MODULE = "examples.measure.analysis"
_FIELDS = ("value", "low", "high", "unit", "description", "points", "note")
_folder: Path | None = None


class DeriveError(ValueError):
    """The analysis refuses a file; the message says why."""


def keep_in(folder: Path) -> None:
    """Say where results are kept from now on."""
    global _folder
    _folder = folder


@cache
def _analysis() -> tuple[str, Path | None]:
    """Return a hash of the analysis and of what it computes with, and its folder; nothing where there is none."""
    try:
        spec = importlib.util.find_spec(MODULE)
    except ModuleNotFoundError:
        spec = None
    if spec is None or not spec.origin:
        return "", None
    folder = Path(spec.origin).parent
    # The cost model stands beside the analysis: a reader uses it without SciPy.
    read = [*sorted(folder.rglob("*.py")), *folder.parent.glob("model.py")]
    text = b"".join(path.name.encode() + path.read_bytes() for path in read)
    versions = "".join(importlib.metadata.version(name) for name in ("numpy", "scipy"))
    return hashlib.sha256(text + versions.encode()).hexdigest(), folder


def fingerprint() -> str:
    """Return a value that changes when the analysis does."""
    return _analysis()[0]


def derive(probes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what follows from the probes of one result file, as plain data by name; raises DeriveError."""
    if _analysis()[1] is None:
        return {}
    if _folder is None:
        return _compute(probes)
    content = json.dumps(probes, sort_keys=True) + fingerprint()
    path = _folder / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.json"
    try:
        return json.loads(path.read_text("utf8"))
    except (FileNotFoundError, json.JSONDecodeError):
        found = _compute(probes)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")  # whole or not at all, for those who read pages beside us
    partial.write_text(json.dumps(found), "utf8")
    partial.replace(path)
    return found


def _compute(probes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    try:
        found = importlib.import_module(MODULE).derive(probes)
    except (ValueError, ArithmeticError) as error:
        raise DeriveError(f"nothing can be derived: {error}") from None
    # Through JSON, so that a first build and a later one show the same.
    return json.loads(json.dumps({name: {key: getattr(item, key) for key in _FIELDS} for name, item in found.items()}))
