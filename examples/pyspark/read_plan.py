"""The operators of a physical plan, without the numbers that change from run to run."""

from __future__ import annotations

import contextlib
import io
import re

from pyspark.sql import DataFrame


# region operators
def operators(frame: DataFrame) -> list[str]:
    """Return the operators of what `explain` prints, the last to run first."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        frame.explain()
    return re.findall(r"^[\s:+*()\d-]*([A-Z]\w+)", printed.getvalue(), re.MULTILINE)


# endregion operators
