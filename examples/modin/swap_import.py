"""Run a pandas program as it stands, and again with nothing but its import changed."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

PROGRAM = Path(__file__).with_name("report_walls.py")


# region swap
def load(library: str) -> ModuleType:
    """Return the program as a module that imports *library* where it says pandas."""
    before, found, after = PROGRAM.read_text("utf8").partition("import pandas as pd")
    assert found
    module = ModuleType(f"report_walls_on_{library.replace('.', '_')}")
    exec(f"{before}import {library} as pd{after}", module.__dict__)
    return module


# endregion swap
