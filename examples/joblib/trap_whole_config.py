"""Trap: every task receives the whole configuration, of which it needs one field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Config = dict[str, Any]


def make_config(stems: int) -> Config:
    """Return a configuration that lists *stems* files, of the shape that AssetUtilities' ``zip_files_by_stem`` receives."""
    files = [Path("inspections") / f"member-{number:05d}.csv" for number in range(stems)]
    return {"file_management": {"input_files": {"csv": files}}, "Analysis": {"result_folder": "results"}}


# region whole
def archive_name(config: Config, stem: str) -> str:
    """Return the name of the archive of *stem*; the list of all files travels along for nothing."""
    return f"{config['Analysis']['result_folder']}/{stem}.zip"
# endregion whole


# region slim
def archive_name_in(folder: str, stem: str) -> str:
    """Return the name of the archive of *stem* in *folder*."""
    return f"{folder}/{stem}.zip"
# endregion slim
