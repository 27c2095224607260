"""Tasks that fail."""

from __future__ import annotations

from pathlib import Path


# region inspect
def inspect_member(folder: Path, member: int) -> int:
    """Note that *member* was inspected; member 1 has a bad reading."""
    Path(folder, str(member)).touch()
    if member == 1:
        raise ValueError("bad reading")
    return member


# endregion inspect
