"""The line that says why a job failed."""

from __future__ import annotations

from py4j.protocol import Py4JJavaError


# region reason
def reason(error: Exception) -> str:
    """Return the line that matters: the first one of Java, or the last one of a traceback from a Python worker."""
    if isinstance(error, Py4JJavaError):
        return error.java_exception.getMessage().strip().partition("\n")[0]
    return str(error).strip().rpartition("\n")[2]


# endregion reason
