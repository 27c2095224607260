"""A pickle that runs a function of its author's choice while it is loaded."""

from __future__ import annotations

import os


# region payload
class Payload:
    """Looks like data; its author decides what loading it calls."""

    def __reduce__(self) -> tuple:
        return os.getpid, ()  # any importable function, with any arguments


# endregion payload
