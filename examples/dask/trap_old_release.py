"""Trap: a worker runs the release of your package that it has, and nothing says that the client has another."""

from __future__ import annotations

import sys
from pathlib import Path

# region install
RULES = """
def too_thin(thicknesses):
    return sum(thickness < {minimum_mm} for thickness in thicknesses)
"""


def install(folder: Path, release: str, minimum_mm: float) -> str:
    """Install a release of the package ``plate_rules`` as pip would: a module and its metadata."""
    metadata = folder / f"plate_rules-{release}.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text(f"Metadata-Version: 2.1\nName: plate-rules\nVersion: {release}\n", "utf8")
    (folder / "plate_rules.py").write_text(RULES.format(minimum_mm=minimum_mm), "utf8")
    return str(folder.resolve())


# endregion install


def prefer(folder: str) -> None:
    """Look for modules in *folder* first, in the process that runs this."""
    sys.path.insert(0, folder)
