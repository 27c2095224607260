"""Zip the files of a folder by stem.

The original is ``ZipUtilities._process_single_stem``, src/assetutilities/modules/zip_utilities/zip_utilities.py, lines
142-173: each task gets the whole configuration, and reads the whole folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from examples.assetutilities.job import Method

EXTENSIONS = ("csv", "txt")
Config = dict[str, Any]


# region original
def zip_by_listing(task: tuple[Config, str]) -> Path:
    """List the folder and keep the names that contain the stem, as the original does."""
    config, stem = task
    folder = config["analysis"]["input_directory"]
    found = [name for name in os.listdir(folder) for end in EXTENSIONS if stem in name and name.endswith(end)]
    return _zip(Path(config["Analysis"]["result_folder"]) / f"{stem}.zip", (Path(folder, name) for name in found))


def plan_with_config(config: Config) -> list[tuple[Config, str]]:
    """Return a task for each stem, the configuration in each."""
    return [(config, path.stem) for path in config["file_management"]["input_files"]["csv"]]


# endregion original


# region grouped
def zip_group(task: tuple[Path, list[Path]]) -> Path:
    """Zip the files that the task names."""
    target, files = task
    return _zip(target, files)


def plan_by_stem(config: Config) -> list[tuple[Path, list[Path]]]:
    """List the folder once, and return a task for each stem with its files alone."""
    groups: dict[str, list[Path]] = {path.stem: [] for path in config["file_management"]["input_files"]["csv"]}
    for path in Path(config["analysis"]["input_directory"]).iterdir():
        if path.stem in groups and path.suffix[1:] in EXTENSIONS:
            groups[path.stem].append(path)
    results = Path(config["Analysis"]["result_folder"])
    return [(results / f"{stem}.zip", files) for stem, files in groups.items()]


# endregion grouped


def _zip(target: Path, files: Iterable[Path]) -> Path:
    """Store the files uncompressed, as the original does."""
    with ZipFile(target, "w") as archive:
        for path in sorted(files):
            archive.write(path, path.name)
    return target


METHODS = {"listing": Method(zip_by_listing, plan_with_config), "grouped": Method(zip_group, plan_by_stem)}


def make_inputs(folder: Path, count: int = 400) -> Config:
    """Write two small files for each of *count* stems, none of which is part of another; return the configuration."""
    inbox, outbox = folder / "in", folder / "out"
    for path in (inbox, outbox):
        path.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        for end in EXTENSIONS:
            (inbox / f"case-{number:05}.{end}").write_text(f"{number}\n" * 20, "utf8")
    return {
        "analysis": {"input_directory": str(inbox)},
        "Analysis": {"result_folder": str(outbox)},
        "file_management": {"input_files": {"csv": sorted(inbox.glob("*.csv"))}},
    }


def answer(path: Path) -> tuple[str, list[str]]:
    """Return the archive's name and its members, in order."""
    with ZipFile(path) as archive:
        return path.name, sorted(archive.namelist())
