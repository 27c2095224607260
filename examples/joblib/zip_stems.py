"""Zip files by stem: the task of AssetUtilities' ``zip_files_by_stem``, with arguments that it needs and no more."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile


# region zip
def zip_stem(stem: str, folder: Path, target: Path) -> Path:
    """Zip the files of *folder* with exactly this stem; return the archive."""
    files = sorted(path for path in folder.iterdir() if path.stem == stem)
    if not files:
        raise FileNotFoundError(f"no file with the stem {stem!r}")
    partial = target / f"{stem}.zip.part"
    with ZipFile(partial, "w", ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.name)
    return partial.replace(target / f"{stem}.zip")


# endregion zip
