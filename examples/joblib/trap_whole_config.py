"""Trap: every task receives the whole configuration, of which it needs one field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Config = dict[str, Any]


def make_config(stems: int) -> Config:
    """Return a configuration that lists *stems* files, shaped like that of AssetUtilities' ``zip_files_by_stem``."""
    files = [Path("inspections") / f"member-{number:05d}.csv" for number in range(stems)]
    return {"file_management": {"input_files": {"csv": files}}, "Analysis": {"result_folder": "results"}}


# region names
def archive_name(config: Config, stem: str) -> str:
    """Return the archive of *stem*; all files' names travel along for nothing."""
    return f"{config['Analysis']['result_folder']}/{stem}.zip"


def archive_name_in(folder: str, stem: str) -> str:
    """Return the archive of *stem* in *folder*."""
    return f"{folder}/{stem}.zip"


# endregion names
