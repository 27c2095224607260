"""Configure each worker as it starts: it is a fresh interpreter that knows nothing of the caller's setup."""

from __future__ import annotations

import logging


# region configure
def configure(level: str) -> None:
    """Set the log level of this process."""
    logging.getLogger().setLevel(level)


def log_level() -> str:
    """Return the log level of this process."""
    return logging.getLevelName(logging.getLogger().level)


# endregion configure
