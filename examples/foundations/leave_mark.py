"""A list at module level that workers append to: whose list it was tells what a worker shares with its starter."""

from __future__ import annotations

import os
import threading

# region mark
#: Process and native thread of every call that this copy of the module has seen.
marks: list[tuple[int, int]] = []


def leave_mark() -> None:
    """Write down who runs this call."""
    marks.append((os.getpid(), threading.get_native_id()))


# endregion mark
