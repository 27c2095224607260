"""The line that says why a job failed."""

from __future__ import annotations

from py4j.protocol import Py4JJavaError


# region reason
def reason(error: Exception) -> str:
    """Return the first line of what Spark says, without the stack of the JVM."""
    is_java = isinstance(error, Py4JJavaError)
    text = error.java_exception.getMessage() if is_java else str(error)
    return text.strip().partition("\n")[0]


# endregion reason
