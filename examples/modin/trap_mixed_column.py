"""Trap: each partition of a CSV file guesses the types of its own rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any


# region mixed
def write_log(path: Path) -> None:
    """Write serial numbers of which one, near the start, is not a number."""
    serials = ["00A7", *(f"{number:04}" for number in range(1, 200))]
    path.write_text("serial\n" + "\n".join(serials) + "\n")


def serials(pd: Any, path: Path, **settings: Any) -> tuple[Any, Any]:
    """Return the first and the last serial number as *pd* reads them."""
    column = pd.read_csv(str(path), **settings)["serial"]
    return column.iloc[0], column.iloc[-1]


# endregion mixed
