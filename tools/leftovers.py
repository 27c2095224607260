"""What a run left on the machine when all its processes are gone: shared memory, and files in the temporary folder.

The sandbox around a page looks at processes, ports and the working tree while the interpreter lives.  What the helpers
of the standard library remove at its end, or leave because somebody killed them too, shows only afterwards.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

#: Where Linux keeps semaphores (``sem.*``) and shared memory; other systems have no folder to look into.
SHARED = Path("/dev/shm")

#: Seconds that the last helper has to clean up after the interpreter's end.
GRACE = 5.0

#: Names in the temporary folder that runs side by side use: sandboxes, pytest, and the locks of uv, which stay.
OF_RUNS = ("ppm-", "pytest-of-", "uv-")

#: Names that carry the process whose helper removes them at its end: loky's semaphores, and joblib's folders.
OWNED = re.compile(r"(?:sem\.loky-|joblib_memmapping_folder_)(\d+)[-_]")


class Machine:
    """The state before a run; :meth:`left` tells what came since and stayed."""

    def __init__(self, shared: Path = SHARED, temporary: Path | None = None) -> None:
        """Look at *shared*, and at *temporary* if it is given."""
        self.shared, self.temporary = shared, temporary
        self.before = self._names()

    def left(self, grace: float = GRACE) -> list[str]:
        """Return the paths that are new and that no process uses, after up to *grace* seconds."""
        deadline = time.monotonic() + grace
        while (new := self._names() - self.before) and (new := new - _in_use(new)) and time.monotonic() < deadline:
            time.sleep(0.2)
        return sorted(new)

    def _names(self) -> set[str]:
        found = {str(path) for path in _list(self.shared)}
        if self.temporary is not None:
            found |= {str(path) for path in _list(self.temporary) if not path.name.startswith(OF_RUNS)}
        return found


def temporary_folder() -> Path:
    """Return the system's temporary folder, as a program without ``TMPDIR`` has it."""
    return Path(tempfile.gettempdir())


def _list(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def _in_use(paths: set[str]) -> set[str]:
    """Return those of *paths* that a living process has mapped or open, or will remove at its end."""
    found = {path for path in paths if (owner := OWNED.match(Path(path).name)) and Path("/proc", owner[1]).exists()}
    for process in _list(Path("/proc")):
        if not process.name.isdigit():
            continue
        with contextlib.suppress(OSError):  # it ended, or is somebody else's
            maps = (process / "maps").read_text("utf8", "replace")
            found |= {path for path in paths if path in maps}
            opened = list(_opened(process))
            found |= {path for path in paths if any(name == path or name.startswith(f"{path}/") for name in opened)}
    return found


def _opened(process: Path) -> Iterator[str]:
    for entry in _list(process / "fd"):
        with contextlib.suppress(OSError):  # closed since
            yield os.readlink(entry)
