"""Change the start of a file through a memory map."""

from __future__ import annotations

import mmap


# region write
def write_to_map(path: str, text: bytes) -> None:
    """Overwrite the start of the file at *path*, as if it were memory."""
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as view:
        view[: len(text)] = text


# endregion write
