"""Say what the running Python has in the way of a GIL; works from Python 3.11 to 3.14."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig


# region describe
def is_free_threaded_build() -> bool:
    """Whether this Python was built so that it can run without a GIL (3.13t, 3.14t)."""
    return bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def is_gil_enabled() -> bool:
    """Whether the GIL is in use now; some extension modules bring it back."""
    return getattr(sys, "_is_gil_enabled", lambda: True)()


def has_interpreters() -> bool:
    """Whether the standard library starts interpreters with a GIL each (3.14)."""
    return importlib.util.find_spec("concurrent.interpreters") is not None


# endregion describe
