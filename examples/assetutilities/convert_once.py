"""Convert a workbook so that a second delivery changes nothing: a name that follows from the work, one move.

Any engine that may run a task twice needs this, at the same time as well as one after the other.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path

import pandas


# region target
def name_target(source: Path, settings: Mapping[str, str], folder: Path) -> Path:
    """Return the file that this work makes: the same for the same content and settings, and another for others."""
    digest = hashlib.sha256(source.read_bytes() + json.dumps(dict(settings), sort_keys=True).encode())
    return folder / f"{source.stem}-{digest.hexdigest()[:16]}.csv"


# endregion target


# region convert
def convert(source: Path, settings: Mapping[str, str], folder: Path) -> Path:
    """Write one sheet as CSV; a reader sees the whole file or none, however often this runs."""
    target = name_target(source, settings, folder)
    if target.exists():
        return target
    sheet = pandas.read_excel(source, sheet_name=settings["sheet"], engine="calamine")
    draft = target.with_name(f"{target.name}.{uuid.uuid4()}.part")
    try:
        sheet.to_csv(draft, index=False)
        os.replace(draft, target)  # one step, in one folder; of two equal files the later one stays
    finally:
        draft.unlink(missing_ok=True)  # there only if something went wrong
    return target


# endregion convert
