"""Give workers the settings that they do not inherit, once for each worker, whatever the start method."""

from __future__ import annotations

import os

# region set up
setting = "as imported"


def set_up(value: str, environment: dict[str, str]) -> None:
    """Set what the parent has set; runs once in each new worker."""
    global setting
    setting = value
    os.environ.update(environment)


def find() -> tuple[str, str]:
    """Return what a task finds."""
    return setting, os.environ.get("PRIMER_SETTING", "missing")


# endregion set up
