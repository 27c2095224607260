"""Write a file so that readers and crashes see the old content or the new one, and nothing between."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


# region replacing
@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Yield a file under a temporary name; give it the name *path* when the block has succeeded.

    The temporary file stands in the same folder, because a rename across file systems is a copy.  Its name is new at
    each attempt, because an attempt that was given up may still be writing.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(handle)  # on the disk before it has its name, or a power failure leaves an empty file
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


# endregion replacing
